/**
 * An OCI image layout in a folder (image-layout.md):
 *
 *     oci-layout             the version
 *     index.json             the images, by name
 *     blobs/ALGORITHM/HEX    content
 *
 * Links are followed, for some tools make layouts of them: what a blob is its digest says. Only
 * regular files are read, so that no pipe or device can hold the reader up.
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { MAX_DOCUMENT_SIZE, splitDigest, type ImageDescriptor } from '../../oci/index.ts';
import { hasCode } from '../../sys/index.ts';
import { isKept, Receiver, type ImportOptions } from '../archive/receive.ts';
import type { Content } from '../content/types.ts';
import { ImageError } from '../errors.ts';
import { checkLayoutVersion, readLayoutIndex, type ImportedImage } from './names.ts';

/** Bytes read at a time. */
const CHUNK = 1 << 20;

/** The images that a layout names. @throws ImageError NOT_FOUND if the folder is none. */
export async function readLayout(folder: string): Promise<ImportedImage[]> {
  checkLayoutVersion(await readSmall(folder, 'oci-layout'), folder);
  return readLayoutIndex(await readSmall(folder, 'index.json'), folder);
}

/** Copies a blob into the store; `false` if the layout does not have it. */
export async function takeFromLayout(
  content: Content,
  folder: string,
  { digest, size }: ImageDescriptor,
  options: ImportOptions,
): Promise<boolean> {
  if (isKept(content, digest, options)) return true;
  const { algorithm, hex } = splitDigest(digest);
  const name = `blobs/${algorithm}/${hex}`;
  await using file = await openRegular(path.join(folder, name));
  if (file === undefined) return false;
  const receiver = new Receiver(content, { name, size, digest }, options);
  try {
    await copy(file.handle, receiver, options.signal);
    receiver.commit();
  } catch (error) {
    receiver.abort();
    throw error;
  }
  return true;
}

async function copy(from: FileHandle, to: Receiver, signal?: AbortSignal): Promise<void> {
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await from.read(chunk, 0, CHUNK, null);
    if (bytesRead === 0) return;
    to.write(chunk.subarray(0, bytesRead));
  }
}

async function readSmall(folder: string, name: string): Promise<string> {
  await using file = await openRegular(path.join(folder, name));
  if (file === undefined) {
    const message = `${folder} has no ${name}, so it is no OCI image layout`;
    throw new ImageError('NOT_FOUND', `${message}: name the folder that has one, or an archive`);
  }
  const { buffer, bytesRead } = await file.handle.read({
    buffer: Buffer.alloc(Math.min(file.size, MAX_DOCUMENT_SIZE) + 1),
    position: 0,
  });
  if (bytesRead <= MAX_DOCUMENT_SIZE) return buffer.toString('utf8', 0, bytesRead);
  const message = `${name} of ${folder} has more than ${MAX_DOCUMENT_SIZE} bytes`;
  throw new ImageError('TOO_LARGE', `${message}: do not use it`);
}

/** An open file. */
interface OpenFile extends AsyncDisposable {
  readonly handle: FileHandle;
  readonly size: number;
}

/** `undefined` if there is none. */
async function openRegular(file: string): Promise<OpenFile | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
  const stats = await handle.stat();
  if (stats.isFile()) {
    return { handle, size: stats.size, [Symbol.asyncDispose]: () => handle.close() };
  }
  await handle.close();
  throw new ImageError('BAD_CONTENT', `${file} is no regular file: make the layout anew`);
}
