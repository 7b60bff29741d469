/** An archive of images: read once from its beginning to its end, and then what it turned out to be. */
import type { Content } from '../content/types.ts';
import { ImageError } from '../errors.ts';
import { decompress, detectCompression } from '../layers/decompress.ts';
import { checkLayoutVersion, readLayoutIndex, type ImportedImage } from '../layout/names.ts';
import { TarReader } from '../tar/reader.ts';
import { dockerImages } from './docker-manifest.ts';
import { ArchiveFiles } from './files.ts';
import type { ImportOptions } from './receive.ts';

/**
 * Brings the files of an archive into the store, and tells which images they are.
 *
 * Docker 25 and later write both forms at once; the layout counts, as for containerd, for it has the
 * image's own manifest.
 *
 * @throws ImageError BAD_ARCHIVE if it is none, or of Docker before 1.10.
 */
export async function openArchive(
  content: Content,
  source: string,
  options: ImportOptions,
): Promise<ImportedImage[]> {
  const files = await readFiles(content, source, options);
  const layout = files.document('oci-layout');
  const index = files.document('index.json');
  if (layout !== undefined && index !== undefined) {
    checkLayoutVersion(layout, source);
    return readLayoutIndex(index, source);
  }
  const manifest = files.document('manifest.json');
  if (manifest !== undefined) return dockerImages(content, files, manifest, options);
  throw new ImageError(
    'BAD_ARCHIVE',
    `${source} is no archive of images: it has neither oci-layout and index.json nor manifest.json; ` +
      'save it again, by docker 1.10 or later',
  );
}

async function readFiles(
  content: Content,
  source: string,
  options: ImportOptions,
): Promise<ArchiveFiles> {
  const { signal } = options;
  const files = new ArchiveFiles(content, options);
  const reader = new TarReader(files);
  try {
    for await (const bytes of decompress(source, await detectCompression(source), signal)) {
      signal?.throwIfAborted();
      reader.write(bytes);
    }
    reader.finish();
  } catch (error) {
    files.abort();
    throw error;
  }
  return files;
}
