/**
 * What every snapshotter must do, whatever it is made of: the rules of containerd's snapshotters
 * (core/snapshots: the interface's comments, and what its own test suite holds them to).
 *
 * The suite is the test files beside this one; each runs for every line of {@link SNAPSHOTTERS}.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import {
  createSnapshotter,
  mountSnapshot,
  nativeDriver,
  overlayDriver,
  unmount,
  type SnapshotErrorCode,
  type SnapshotMount,
  type Snapshotter,
} from '../../../src/overlayfs/index.ts';
import { Scratch, sh } from '../scratch.ts';

const quick = { durable: false };

/** Every implementation, by name; `open` opens the snapshots in a directory, and may do so again. */
export const SNAPSHOTTERS: readonly { name: string; open: (root: string) => Snapshotter }[] = [
  { name: 'overlay', open: (root) => createSnapshotter(root, overlayDriver(), quick) },
  {
    name: 'overlay with userxattr',
    open: (root) => createSnapshotter(root, overlayDriver({ userxattr: true }), quick),
  },
  { name: 'durable overlay', open: (root) => createSnapshotter(root, overlayDriver()) },
  { name: 'native', open: (root) => createSnapshotter(root, nativeDriver(), quick) },
];

/** A store of snapshots in a directory of its own, and a place to mount them. */
export class Bench implements Disposable {
  readonly scratch = new Scratch();
  readonly store: string;
  readonly merged: string;
  readonly snapshots: Snapshotter;

  constructor(open: (root: string) => Snapshotter) {
    this.store = this.scratch.directory('store');
    this.merged = this.scratch.directory('merged');
    this.snapshots = open(this.store);
  }

  /** Runs a shell script in what the mounts show. */
  within(mounts: readonly SnapshotMount[], script: string): string {
    mountSnapshot(mounts, this.merged);
    try {
      return sh(script, this.merged);
    } finally {
      unmount(this.merged);
    }
  }

  /** A committed snapshot in which the script has run. */
  async layer(name: string, parent: string | undefined, script: string): Promise<void> {
    this.within(await this.snapshots.prepare(`making-${name}`, parent), script);
    await this.snapshots.commit(name, `making-${name}`);
  }

  /** The directories of layers, seen from outside. */
  layersOnDisk(): string[] {
    return readdirSync(path.join(this.store, 'layers'));
  }

  [Symbol.dispose](): void {
    this.snapshots.close();
    this.scratch[Symbol.dispose]();
  }
}

/** A SnapshotError with this code and message, for `toThrow`. */
export function refused(code: SnapshotErrorCode, message: RegExp): object {
  return expect.objectContaining({
    code,
    message: expect.stringMatching(message) as string,
  }) as object;
}
