/** What unpacking a layer's archive does, without the archive: for tests of changes. */
import { copyFileSync, linkSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import {
  applyWhiteout,
  encodePath,
  ociEntries,
  type Change,
  type LayerForm,
} from '../../src/overlayfs/index.ts';
import { lstatOf } from '../../src/overlayfs/layers/marks.ts';
import { copyMetadata } from '../../src/overlayfs/snapshots/copy.ts';
import { mknodat, S_IFMT } from '../../src/sys/index.ts';

/** Applies changes to a directory, in order, by way of OCI entries. */
export function unpackChanges(changes: Iterable<Change>, root: string, form: LayerForm): void {
  for (const entry of ociEntries(changes)) {
    const directory = path.dirname(`${root}/${entry.path}`);
    mkdirSync(encodePath(directory), { recursive: true });
    if (entry.kind === 'whiteout') applyWhiteout(directory, path.basename(entry.path), form);
    else put(root, entry.change);
  }
}

function put(root: string, { path: at, source = '', linkTo }: Change): void {
  const target = `${root}/${at}`;
  const stats = lstatOf(source);
  if (stats === undefined) throw new Error(`${source} is gone`);
  const keeps = stats.isDirectory() && lstatOf(target)?.isDirectory() === true;
  if (!keeps) rmSync(encodePath(target), { recursive: true, force: true });
  if (linkTo !== undefined) {
    linkSync(encodePath(`${root}/${linkTo}`), encodePath(target));
    return;
  }
  if (stats.isDirectory()) mkdirSync(encodePath(target), { recursive: true });
  else if (stats.isFile()) copyFileSync(encodePath(source), encodePath(target));
  else if (stats.isSymbolicLink()) {
    symlinkSync(readlinkSync(encodePath(source), 'buffer'), encodePath(target));
  } else mknodat(encodePath(target), Number(stats.mode) & (S_IFMT | 0o777), Number(stats.rdev));
  copyMetadata(source, target, stats);
}
