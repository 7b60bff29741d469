/**
 * Images from the store into an OCI image layout in a folder, a new one or one that has images:
 *
 *     blobs, each under a name of its own, then renamed ─▶ oci-layout ─▶ index.json, by rename
 *
 * So a layout names no image that it has not whole, wherever this stops; a crash leaves at worst
 * blobs that no image needs, and files `.coracle-…`, which nobody reads.
 */
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { splitDigest, type Digest, type ImageDescriptor, type Platform } from '../../oci/index.ts';
import { Descriptor, flock, LOCK_EX } from '../../sys/index.ts';
import { readBlob } from '../archive/read-blob.ts';
import { selectImages, type ExportedImage } from '../archive/selection.ts';
import type { ContentReader } from '../content/types.ts';
import { indexText, namedDescriptor, OCI_LAYOUT } from './documents.ts';
import { checkLayoutVersion, namesIn, parseLayoutIndex } from './names.ts';

/** Which images go into a layout. */
export interface LayoutOptions {
  /** Only the images for this platform. Default: all that are here. */
  readonly platform?: Platform;
  readonly signal?: AbortSignal;
}

/**
 * Adds images to a layout, and makes it if there is none. An image of the same name is replaced; all
 * others stay.
 *
 * @throws ImageError NOT_FOUND for a piece that is missing, DATA_LOSS for a damaged one; as
 *   `importImages` if the folder has a layout that cannot be read.
 */
export async function exportLayout(
  content: ContentReader,
  images: readonly ExportedImage[],
  folder: string,
  { platform, signal }: LayoutOptions = {},
): Promise<void> {
  const selection = await selectImages(content, images, platform);
  mkdirSync(folder, { recursive: true });
  checkLayout(folder);
  for (const [digest, size] of selection.blobs) {
    await copyBlob(content, { digest, size }, folder, signal);
  }
  const added = selection.images.map(({ name, descriptor }) => namedDescriptor(descriptor, name));
  // Two that change the index at once must not lose each other's images.
  using lock = new Descriptor(openSync(folder, 'r'));
  flock(lock.fd, LOCK_EX);
  if (!checkLayout(folder)) replaceFile(folder, 'oci-layout', OCI_LAYOUT);
  replaceFile(folder, 'index.json', withImages(folder, added));
  fsyncSync(lock.fd);
}

/** `false` if the folder has none yet. */
function checkLayout(folder: string): boolean {
  const file = path.join(folder, 'oci-layout');
  if (!existsSync(file)) return false;
  checkLayoutVersion(readFileSync(file, 'utf8'), folder);
  return true;
}

/** A blob of that size is there already: what it is its name says. */
async function copyBlob(
  content: ContentReader,
  blob: { readonly digest: Digest; readonly size: number },
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { algorithm, hex } = splitDigest(blob.digest);
  const parent = path.join(folder, 'blobs', algorithm);
  const place = path.join(parent, hex);
  if (statSync(place, { throwIfNoEntry: false })?.size === blob.size) return;
  mkdirSync(parent, { recursive: true });
  const temporary = path.join(folder, `.coracle-${randomUUID()}`);
  try {
    await using file = await open(temporary, 'wx', 0o644);
    for await (const piece of readBlob(content, blob, signal)) await file.writeFile(piece);
    await file.sync();
    renameSync(temporary, place);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  using names = new Descriptor(openSync(parent, 'r'));
  fsyncSync(names.fd);
}

/** The layout's index with these images in it, and all else as it was. */
function withImages(folder: string, added: readonly ImageDescriptor[]): string {
  const file = path.join(folder, 'index.json');
  if (!existsSync(file)) return indexText(added);
  const text = readFileSync(file, 'utf8');
  const replaced = new Set(added.map(identity));
  const others = parseLayoutIndex(text, folder).filter((image) => !replaced.has(identity(image)));
  return JSON.stringify({ ...(JSON.parse(text) as object), manifests: [...others, ...added] });
}

/** Its name, or if it has none its digest. */
function identity(image: ImageDescriptor): string {
  return namesIn(image)[0] ?? image.digest;
}

function replaceFile(folder: string, name: string, text: string): void {
  const temporary = path.join(folder, `.coracle-${randomUUID()}`);
  try {
    writeFileSync(temporary, text, { mode: 0o644, flush: true });
    renameSync(temporary, path.join(folder, name));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
