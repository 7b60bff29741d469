/**
 * Images from the store as one archive, an OCI image layout (image-layout.md), file by file in the
 * order of their names and without times: the same images give the same bytes.
 *
 * Docker's form has a `manifest.json` beside it, which is all that docker up to 24 reads: it finds
 * configs and layers by the names that it is told, and sees itself how they are compressed.
 */
import { splitDigest, type Digest, type ImageDescriptor, type Platform } from '../../oci/index.ts';
import type { ContentReader } from '../content/types.ts';
import { indexText, namedDescriptor, OCI_LAYOUT, tagOf } from '../layout/documents.ts';
import type { TarEntry } from '../tar/entry.ts';
import { encodeHeader, END_OF_ARCHIVE, paddingAfter } from '../tar/writer.ts';
import { readBlob } from './read-blob.ts';
import { readWholeImage, selectImages, type ExportedImage, type Selection } from './selection.ts';

/** How images are written. */
export interface ExportOptions {
  /** Default `oci`. */
  readonly format?: 'oci' | 'docker';
  /** Only the images for this platform. Default: all that are here. */
  readonly platform?: Platform;
  readonly signal?: AbortSignal;
}

/** A file of the archive. */
interface ArchiveFile {
  readonly name: string;
  readonly size: number;
  readonly data: Iterable<Buffer> | AsyncIterable<Buffer>;
}

/**
 * Writes images into a tar archive. Something keeps their content meanwhile: a name or a lease.
 *
 * @throws ImageError NOT_FOUND for a piece that is missing; DATA_LOSS if a blob is damaged: what was
 *   written is no whole archive then.
 */
export async function* exportImages(
  content: ContentReader,
  images: readonly ExportedImage[],
  { format = 'oci', platform, signal }: ExportOptions = {},
): AsyncGenerator<Buffer> {
  const selection = await selectImages(content, images, platform);
  const files = [
    ...blobFiles(content, selection, signal),
    textFile(
      'index.json',
      indexText(selection.images.map(({ name, descriptor }) => namedDescriptor(descriptor, name))),
    ),
    ...(format === 'docker' ? [textFile('manifest.json', dockerManifest(content, selection))] : []),
    textFile('oci-layout', OCI_LAYOUT),
  ];
  for (const folder of foldersOf(selection)) yield encodeHeader(entry(folder, 0));
  for (const { name, size, data } of files) {
    yield encodeHeader(entry(name, size));
    yield* data;
    if (paddingAfter(size) > 0) yield Buffer.alloc(paddingAfter(size));
  }
  yield END_OF_ARCHIVE;
}

function blobFiles(
  content: ContentReader,
  { blobs }: Selection,
  signal: AbortSignal | undefined,
): ArchiveFile[] {
  const files = [...blobs].map(([digest, size]) => {
    const data = readBlob(content, { digest, size }, signal);
    return { name: blobName(digest), size, data };
  });
  return files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** `manifest.json`: an image that has several names is in it once. */
function dockerManifest(content: ContentReader, { images }: Selection): string {
  const items = new Map<Digest, { Config: string; RepoTags: string[]; Layers: string[] }>();
  for (const { name, descriptor } of images) {
    const { descriptor: found, manifest } = readWholeImage(content, descriptor);
    const item = items.get(found.digest) ?? {
      Config: blobName(manifest.config.digest),
      RepoTags: [],
      Layers: manifest.layers.map((layer: ImageDescriptor) => blobName(layer.digest)),
    };
    // Docker refuses the whole archive for a name without a tag.
    if (name !== undefined && tagOf(name) !== undefined) item.RepoTags.push(name);
    items.set(found.digest, item);
  }
  return JSON.stringify([...items.values()]);
}

function textFile(name: string, text: string): ArchiveFile {
  const bytes = Buffer.from(text);
  return { name, size: bytes.length, data: [bytes] };
}

/** Each before what is in it. */
function foldersOf({ blobs }: Selection): string[] {
  const algorithms = [...blobs.keys()].map((digest) => splitDigest(digest).algorithm);
  return ['blobs/', ...[...new Set(algorithms)].toSorted().map((name) => `blobs/${name}/`)];
}

function blobName(digest: Digest): string {
  const { algorithm, hex } = splitDigest(digest);
  return `blobs/${algorithm}/${hex}`;
}

function entry(name: string, size: number): TarEntry {
  const isFolder = name.endsWith('/');
  return {
    name,
    type: isFolder ? 'directory' : 'file',
    mode: isFolder ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    size,
    mtime: 0n,
    linkName: '',
    major: 0,
    minor: 0,
    xattrs: new Map(),
  };
}
