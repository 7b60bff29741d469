/** What the tests of a misbehaving registry share: the misbehaviour, and how a pull then ends. */
import type { ServerResponse } from 'node:http';
import { expect } from 'vitest';
import type { Digest } from '../../src/oci/index.ts';
import type { Fault } from './fake-registry.ts';
import type { Stage } from './stage.ts';

/** Misbehaves so many times at paths that hold this text, and then no more. */
export function times(
  count: number,
  text: string,
  fault: (response: ServerResponse) => void,
): Fault {
  let left = count;
  return ({ url = '', method }, response) => {
    if (method !== 'GET' || !url.includes(text) || left === 0) return false;
    left -= 1;
    fault(response);
    return true;
  };
}

export async function pulls(stage: Stage): Promise<void> {
  await stage.client().pull(stage.name(), stage.content);
  for (const [digest, bytes] of stage.image.blobs)
    expect(stage.content.read(digest)).toEqual(bytes);
  expect(stage.content.ingests()).toEqual([]);
}

/** The pull fails so, and the store has neither the manifest nor the piece in question. */
export async function fails(
  stage: Stage,
  code: string,
  message: RegExp,
  missing?: Digest,
): Promise<void> {
  const error: unknown = await stage
    .client()
    .pull(stage.name(), stage.content)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
  expect(stage.content.has(stage.image.index.digest)).toBe(false);
  if (missing !== undefined) expect(stage.content.has(missing)).toBe(false);
}

export const layerOf = ({ image }: Stage) => image.layers[0] ?? image.config;
