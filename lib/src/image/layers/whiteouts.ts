/**
 * Deletions. A layer speaks of the layers below it only (layer.md, "Whiteouts"): what it has itself
 * stays, wherever in the archive the whiteout stands.
 */
import { lstatSync, rmSync } from 'node:fs';
import {
  encodePath,
  listNames,
  makeOpaque,
  makeWhiteout,
  markPrefix,
} from '../../overlayfs/index.ts';
import type { OpenDirectory } from './directories.ts';

/** What the deletions of a layer become. */
export interface Whiteouts {
  /** Deletes a name of the layers below. */
  whiteout(directory: OpenDirectory, name: string): void;
  /** Deletes everything that the layers below have in a directory. */
  opaque(directory: OpenDirectory): void;
  /**
   * Told of a directory that the layer has put where it had something else before, be it a whiteout:
   * the layers below must not show in it again.
   */
  replaced(directory: OpenDirectory): void;
}

/** In one layer of an overlay: marks, for the layers below are elsewhere. */
export function overlayWhiteouts(userxattr: boolean): Whiteouts {
  const prefix = markPrefix(userxattr);
  const hide = (directory: OpenDirectory): void => makeOpaque(`${self(directory)}/.`, prefix);
  const done = new Set<string>();
  return {
    whiteout(directory, name) {
      const path = `${self(directory)}/${name}`;
      const stats = lstatSync(encodePath(path), { throwIfNoEntry: false });
      if (stats === undefined) makeWhiteout(path);
      else if (stats.isDirectory()) makeOpaque(path, prefix);
    },
    opaque(directory) {
      if (!done.has(directory.path)) hide(directory);
      done.add(directory.path);
    },
    replaced: hide,
  };
}

/** In a tree that holds the layers below too: what they have is removed. */
export function plainWhiteouts(written: ReadonlySet<string>): Whiteouts {
  const done = new Set<string>();
  return {
    whiteout(directory, name) {
      removeLower(directory, name, written);
    },
    opaque(directory) {
      // A second time there is nothing to find, and looking would take as long again.
      if (done.has(directory.path)) return;
      done.add(directory.path);
      for (const name of listNames(self(directory))) removeLower(directory, name, written);
    },
    replaced: () => {},
  };
}

/** Removes `name`, but for what this layer has written there. */
function removeLower(directory: OpenDirectory, name: string, written: ReadonlySet<string>): void {
  const path = directory.path === '' ? name : `${directory.path}/${name}`;
  const host = `${self(directory)}/${name}`;
  if (!written.has(path)) {
    rmSync(encodePath(host), { recursive: true, force: true });
  } else if (lstatSync(encodePath(host), { throwIfNoEntry: false })?.isDirectory() === true) {
    for (const each of listNames(host)) removeLower(directory, `${name}/${each}`, written);
  }
}

function self({ fd }: OpenDirectory): string {
  return `/proc/self/fd/${fd}`;
}
