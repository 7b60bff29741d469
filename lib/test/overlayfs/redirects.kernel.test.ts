/** A redirect that is blocked on its way: what the kernel shows is what the changes tell. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountOverlay, overlayChanges, planOverlay, unmount } from '../../src/overlayfs/index.ts';
import { lsetxattr } from '../../src/sys/index.ts';
import { Scratch, sh } from './scratch.ts';

let scratch: Scratch;

beforeEach(() => {
  scratch = new Scratch();
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

const WAYS: [what: string, block: (layer: string) => void, names: string[]][] = [
  ['nothing is on the way', () => undefined, ['one']],
  ['a layer has an opaque directory on the way', makeOpaqueDirectory, []],
  ['a layer has a file on the way', (layer) => sh('touch a', layer), []],
  ['a layer has a symlink on the way', (layer) => sh('ln -s /etc a', layer), []],
];

function makeOpaqueDirectory(layer: string): void {
  sh('mkdir a', layer);
  lsetxattr(path.join(layer, 'a'), 'trusted.overlay.opaque', 'y');
}

describe('a directory that comes from /a/d of the layers below', () => {
  it.each(WAYS)('%s', (_, block, names) => {
    const bottom = scratch.directory('bottom', { 'a/d/one': '1' });
    const middle = scratch.directory('middle');
    const upper = scratch.directory('upper', { 'r/': '' });
    block(middle);
    lsetxattr(path.join(upper, 'r'), 'trusted.overlay.redirect', '/a/d');
    const lower = [middle, bottom];

    const merged = scratch.directory('merged');
    const spec = { lower: [upper, ...lower], redirectDir: 'follow' as const };
    mountOverlay(planOverlay(spec), merged);
    try {
      expect(readdirSync(path.join(merged, 'r'))).toEqual(names);
    } finally {
      unmount(merged);
    }
    const told = [...overlayChanges({ upper, lower })].map((change) => change.path);
    expect(told.filter((each) => each.startsWith('r/'))).toEqual(names.map((name) => `r/${name}`));
  });
});
