/**
 * Images from files into the store:
 *
 *     folder   OCI image layout ────────────────────┐
 *     archive  oci-layout + index.json + blobs ─────┼─▶ names and descriptors ─▶ trees, all taken
 *              manifest.json + configs + layers ────┘
 *
 * What a source is follows from what is in it. Content is verified before it is content; names are
 * given to the caller last, so a source that is damaged half-way leaves blobs that nobody refers to.
 */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Content } from '../content/types.ts';
import { childLabels } from '../document.ts';
import { ImageError } from '../errors.ts';
import { readLayout, takeFromLayout } from '../layout/folder.ts';
import type { ImportedImage } from '../layout/names.ts';
import { openArchive } from './open-archive.ts';
import { isKept, type ImportOptions } from './receive.ts';
import { ImageTrees, type TreeVisitor } from './tree.ts';

/** Images that a source has, and how their pieces are had. */
interface Source {
  readonly images: readonly ImportedImage[];
  readonly take: TreeVisitor['take'];
}

/**
 * Imports all images of a folder or an archive.
 *
 * Without a lease a collection at the same time may remove what is imported.
 *
 * @param source path of an OCI image layout; or of a tar archive, also one compressed by gzip or
 *   zstd, of such a layout or of what `docker save` writes.
 * @throws ImageError NOT_FOUND for what is not there, BAD_ARCHIVE, BAD_CONTENT, TOO_LARGE,
 *   FAILED_PRECONDITION for a format of another time; ConfigError for a damaged document.
 */
export async function importImages(
  content: Content,
  source: string,
  options: ImportOptions = {},
): Promise<ImportedImage[]> {
  options.signal?.throwIfAborted();
  const { images, take } = await openSource(content, source, options);
  const trees = new ImageTrees(content, source, {
    take,
    document: ({ digest }, document) => void content.label(digest, childLabels(document)),
  });
  for (const { descriptor } of images) await trees.add(descriptor);
  return [...images];
}

async function openSource(
  content: Content,
  source: string,
  options: ImportOptions,
): Promise<Source> {
  const stats = await statSource(source);
  if (stats.isDirectory()) {
    const take: Source['take'] = (piece) => takeFromLayout(content, source, piece, options);
    return { images: await readLayout(source), take };
  }
  const take: Source['take'] = ({ digest }) => Promise.resolve(isKept(content, digest, options));
  return { images: await openArchive(content, source, options), take };
}

async function statSource(source: string): Promise<Stats> {
  try {
    return await stat(source);
  } catch (cause) {
    const message = `${source}, from which images are to come, cannot be opened`;
    throw new ImageError('NOT_FOUND', `${message}: name a folder or an archive`, { cause });
  }
}
