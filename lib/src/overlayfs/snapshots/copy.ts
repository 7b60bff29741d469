/**
 * A faithful copy of a directory tree: contents, modes, owners, times, extended attributes, hard
 * links, devices, FIFOs and sockets. Contents are shared where the filesystem can (reflink), else
 * copied inside the kernel (copy_file_range(2)).
 */
import {
  chmodSync,
  constants,
  copyFileSync,
  lchownSync,
  linkSync,
  mkdirSync,
  readlinkSync,
  symlinkSync,
  type BigIntStats,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { lgetxattr, lsetxattr, mknodat, S_IFMT, utimensat } from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';
import { HardLinks, imageAttributes } from '../layers/change.ts';
import { lstatOf } from '../layers/marks.ts';
import { encodePath, listNames } from '../layers/names.ts';
import { copySparse } from './copy-sparse.ts';
import { Pacer } from './pacer.ts';

/** Files from this size on are copied by another thread. */
const LARGE = 1 << 20;

/**
 * Copies everything in `from` into the existing directory `to`, which takes over the attributes of
 * `from` too.
 */
export async function copyTree(from: string, to: string): Promise<void> {
  const stats = lstatOf(from);
  if (stats?.isDirectory() !== true) {
    const message = `${from} is no directory to copy: was it removed meanwhile?`;
    throw new OverlayError('OVERLAY_BAD_LAYER', message, { path: from });
  }
  await new Copier().copyContents(from, to, stats);
}

/** Gives `to` the mode, owner, times and extended attributes of `from`; not overlayfs' marks. */
export function copyMetadata(from: string, to: string, stats: BigIntStats): void {
  const [source, target] = [encodePath(from), encodePath(to)];
  lchownSync(target, Number(stats.uid), Number(stats.gid));
  // After chown, which clears setuid bits and file capabilities.
  if (!stats.isSymbolicLink()) chmodSync(target, Number(stats.mode) & 0o7777);
  for (const name of imageAttributes(from)) {
    const value = lgetxattr(source, name);
    if (value !== undefined) lsetxattr(target, name, value);
  }
  utimensat(target, stats.atimeNs, stats.mtimeNs);
}

class Copier {
  readonly #pacer = new Pacer();
  readonly #links = new HardLinks();

  /** A directory's times come last, since filling it changes them. */
  async copyContents(from: string, to: string, stats: BigIntStats): Promise<void> {
    for (const name of listNames(from)) {
      await this.#copyNode(`${from}/${name}`, `${to}/${name}`);
      await this.#pacer.turn();
    }
    copyMetadata(from, to, stats);
  }

  async #copyNode(from: string, to: string): Promise<void> {
    const stats = lstatOf(from);
    if (stats === undefined) return;
    const earlier = this.#links.earlier(to, stats);
    if (earlier !== undefined) {
      linkSync(encodePath(earlier), encodePath(to));
    } else if (stats.isDirectory()) {
      mkdirSync(encodePath(to), 0o700);
      await this.copyContents(from, to, stats);
    } else {
      await copyOther(from, to, stats);
      copyMetadata(from, to, stats);
    }
  }
}

async function copyOther(from: string, to: string, stats: BigIntStats): Promise<void> {
  const [source, target] = [encodePath(from), encodePath(to)];
  if (stats.isFile()) await copyData(source, target, stats);
  else if (stats.isSymbolicLink()) {
    symlinkSync(readlinkSync(source, { encoding: 'buffer' }), target);
  } else mknodat(target, (Number(stats.mode) & S_IFMT) | 0o600, Number(stats.rdev));
}

async function copyData(
  source: string | Buffer,
  target: string | Buffer,
  { size, blocks }: BigIntStats,
): Promise<void> {
  const mode = constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL;
  const hasHoles = blocks * 512n < size;
  if (hasHoles && size >= LARGE) await copySparse(source, target, Number(size));
  else if (size >= LARGE) await copyFile(source, target, mode);
  else copyFileSync(source, target, mode);
}
