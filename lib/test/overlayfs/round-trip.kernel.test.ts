/**
 * Whatever a container has done, its changes, written as an OCI layer and unpacked again, make the
 * same image: as a layer of an overlay, and in a plain copy.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  copyTree,
  directoryChanges,
  mountOverlay,
  overlayChanges,
  planOverlay,
  unmount,
  type OverlaySpec,
} from '../../src/overlayfs/index.ts';
import { rounds } from '../rounds.ts';
import { describeTree, Scratch } from './scratch.ts';
import { unpackChanges } from './unpack.ts';
import { randomNumbers, vandalize } from './vandal.ts';

let scratch: Scratch;

beforeEach(() => {
  scratch = new Scratch();
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

/** Mounts, acts, and describes what a container would then see. */
function within(spec: OverlaySpec, act: (merged: string) => void): string[] {
  const merged = scratch.directory('merged');
  mountOverlay(planOverlay(spec), merged);
  try {
    act(merged);
    return describeTree(merged);
  } finally {
    unmount(merged);
  }
}

/** Two layers, both made by random acts, the upper one of them over the lower. */
function makeImage(random: (below: number) => number): string[] {
  const bottom = scratch.directory('bottom', { 'n0/n1/n2': 'deep', 'n3/n4': 'x', n5: 'y' });
  vandalize(bottom, random, 30);
  const middle = scratch.directory('middle');
  const work = scratch.directory('middle-work');
  within({ lower: [bottom], upper: middle, work, redirectDir: 'on' }, (merged) =>
    vandalize(merged, random, 20),
  );
  return [middle, bottom];
}

const seeds = Array.from({ length: rounds(25) }, (_, index) => index + 1);

describe.each(['on', 'nofollow'] as const)('after random acts, redirect_dir=%s', (redirectDir) => {
  it.each(seeds)('the layer makes the same image, seed %i', async (seed) => {
    const random = randomNumbers(seed);
    const lower = redirectDir === 'on' ? makeImage(random) : [makeImage(random)[1] ?? ''];
    const upper = scratch.directory('c/upper');
    const before = scratch.directory('before');
    await copyMerged(lower, before);
    const seen = within(
      { lower, upper, work: scratch.directory('c/work'), redirectDir },
      (merged) => vandalize(merged, random, 60),
    );

    const layer = scratch.directory('unpacked/layer');
    unpackChanges(overlayChanges({ upper, lower }), layer, { form: 'overlay' });
    const work = scratch.directory('unpacked/work');
    expect(
      within({ lower: [layer, ...lower], upper: scratch.directory('unpacked/upper'), work }, noop),
    ).toEqual(seen);

    unpackChanges(overlayChanges({ upper, lower }), before, { form: 'plain' });
    expect(describeTree(before)).toEqual(seen);
  });
});

describe('after random acts on a whole copy', () => {
  it.each(seeds)('the layer makes the same image, seed %i', async (seed) => {
    const random = randomNumbers(seed);
    const before = scratch.directory('before', { 'n0/n1': 'a', 'n2/n3/n4': 'b', n5: 'c' });
    vandalize(before, random, 40);
    const after = scratch.directory('after');
    await copyTree(before, after);
    expect(describeTree(after)).toEqual(describeTree(before));

    vandalize(after, random, 40);
    unpackChanges(directoryChanges(before, after), before, { form: 'plain' });
    expect(describeTree(before)).toEqual(describeTree(after));
  });
});

function noop(): void {
  // Only to look.
}

/** A plain copy of the image that the layers show. */
async function copyMerged(lower: readonly string[], to: string): Promise<void> {
  const merged = scratch.directory('merged');
  const [upper, work] = [scratch.directory('look/upper'), scratch.directory('look/work')];
  mountOverlay(planOverlay({ lower, upper, work }), merged);
  try {
    await copyTree(merged, to);
  } finally {
    unmount(merged);
  }
}
