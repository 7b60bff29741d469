/** Digests of files, a piece at a time: a layer may be larger than memory. */
import { createHash, type Hash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { Digest, DigestAlgorithm } from '../../oci/index.ts';

/** Bytes that are in memory at a time. */
const PIECE = 1 << 20;

/** Feeds a file from its beginning to a hash, and returns how many bytes that were. */
export function hashFile(fd: number, hash: Hash): number {
  const piece = Buffer.allocUnsafe(PIECE);
  for (let at = 0; ;) {
    const read = readSync(fd, piece, 0, PIECE, at);
    if (read === 0) return at;
    hash.update(piece.subarray(0, read));
    at += read;
  }
}

/** The digest of what a hash was fed so far; it can be fed more. */
export function digestOf(algorithm: DigestAlgorithm, hash: Hash): Digest {
  return `${algorithm}:${hash.copy().digest('hex')}`;
}

/** The digest of a small content. */
export function digestBytes(algorithm: DigestAlgorithm, bytes: Uint8Array): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}
