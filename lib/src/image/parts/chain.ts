/** Exercise 05.4: the names of stacked layers. */
import { createHash } from 'node:crypto';
import type { Digest } from '../../oci/index.ts';

// #region exercise-05-4
/**
 * The ChainIDs of an image: one for each layer, of that layer and all below it. Pure. OCI image-spec,
 * config.md, "Layer ChainID".
 *
 * A layer's DiffID names its own files alone, and the same layer on another base is another file
 * system. The ChainID names the whole stack:
 *
 *     ChainID(L0)         = DiffID(L0)
 *     ChainID(L0|…|Ln)    = "sha256:" + SHA256(ChainID(L0|…|Ln-1) + " " + DiffID(Ln))
 *
 * The digests go in as text, each with the algorithm before its colon, one space between them and
 * nothing after; the hash comes out as lower-case hexadecimal digits. It is always SHA-256, whatever
 * the DiffIDs are of.
 *
 * @param diffIds the lowest layer's first; it is not changed.
 * @returns as many as there are layers, in the same order; the last is the name of the whole.
 */
export function chainIds(diffIds: readonly Digest[]): Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : sha256(`${below} ${diffId}`));
  }
  return chain;
}

function sha256(text: string): Digest {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
// #endregion exercise-05-4
