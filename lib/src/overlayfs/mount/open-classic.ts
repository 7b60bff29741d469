/**
 * A detached overlay from kernels that can only mount one at a path (before Linux 6.7): it is mounted
 * in a directory made for it, cloned, and taken away from there again. A kill in between leaves that
 * mount behind, `coracle-overlay-*` in the directory for temporary files.
 */
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Cleanup } from '../../base/index.ts';
import { mountSetattr, MS_PRIVATE, openTree, type Descriptor } from '../../sys/index.ts';
import type { OverlayMount } from '../plan/plan.ts';
import { mountClassic } from './classic.ts';
import { unmount } from './unmount.ts';

/** Makes the detached mount, private as one from fsmount(2) is. */
export function openClassic(plan: OverlayMount): Descriptor {
  const undo = new Cleanup();
  const place = mkdtempSync(path.join(tmpdir(), 'coracle-overlay-'));
  undo.add(`remove ${place}`, () => rmdirSync(place));
  try {
    mountClassic(plan, place);
    undo.add(`unmount ${place}`, () => unmount(place, { lazy: true }));
    const tree = openTree(place, { recursive: false });
    mountSetattr(tree.fd, { propagation: MS_PRIVATE });
    return tree;
  } finally {
    undo.run();
  }
}
