/** Reads blobs that the disk may have damaged: whole and right, or not at all. */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { splitDigest } from '../../oci/index.ts';
import { hasCode } from '../../sys/index.ts';
import { ImageError } from '../errors.ts';
import { atPath } from './errors.ts';
import { digestBytes, digestOf } from './hash-file.ts';
import type { StoreParts } from './publish.ts';
import type { ContentInfo, ContentProblem } from './types.ts';

const ADVICE = 'delete it and pull it again';

/** The content of a blob, verified. @throws ImageError NOT_FOUND, DATA_LOSS. */
export function readVerified(store: StoreParts, { digest, size }: ContentInfo): Buffer {
  const file = store.folder.blob(digest);
  const { algorithm } = splitDigest(digest);
  let fd: number;
  try {
    fd = atPath(file, () => openSync(file, 'r'));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    // Deleted just now, if its row is gone too.
    store.blobs.get(digest);
    throw new ImageError('DATA_LOSS', `${file} is missing: ${ADVICE}`, { cause: error });
  }
  try {
    const found = fstatSync(fd).size;
    if (found !== size) throw damaged(file, `has ${found} bytes, not ${size}`);
    const content = atPath(file, () => readFileSync(fd));
    const actual = digestBytes(algorithm, content);
    if (actual === digest) return content;
    throw damaged(file, `has the digest ${actual}`);
  } finally {
    closeSync(fd);
  }
}

/** What is wrong with the blobs of a store, one after the other. */
export async function* verifyAll(store: StoreParts): AsyncGenerator<ContentProblem> {
  for (const info of store.blobs.walk()) {
    const path = store.folder.blob(info.digest);
    const problem = await problemOf(path, info);
    // What was deleted meanwhile is no problem.
    if (problem === undefined || !store.blobs.has(info.digest)) continue;
    yield { digest: info.digest, path, message: `${path} ${problem}: ${ADVICE}` };
  }
}

async function problemOf(path: string, { digest, size }: ContentInfo): Promise<string | undefined> {
  const found = statSync(path, { throwIfNoEntry: false })?.size;
  if (found === undefined) return 'is missing';
  if (found !== size) return `has ${found} bytes, not ${size}`;
  const { algorithm } = splitDigest(digest);
  const hash = createHash(algorithm);
  try {
    for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'is missing';
    throw error;
  }
  const actual = digestOf(algorithm, hash);
  return actual === digest ? undefined : `has the digest ${actual}`;
}

function damaged(file: string, problem: string): ImageError {
  return new ImageError('DATA_LOSS', `${file} ${problem}: ${ADVICE}`);
}
