/** A container that does anything to its files: random, and the same for the same seed. */
import {
  appendFileSync,
  chmodSync,
  closeSync,
  constants,
  lchownSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
  type Dirent,
} from 'node:fs';
import path from 'node:path';
import { hasCode, lsetxattr, mknodat, S_IFCHR, S_IFIFO } from '../../src/sys/index.ts';

/** Mulberry32: numbers from 0 to below `below`. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Does `steps` random things in a directory. */
export function vandalize(root: string, random: (below: number) => number, steps: number): void {
  for (let step = 0; step < steps; step += 1) {
    const entries = readdirSync(root, { recursive: true, withFileTypes: true });
    const pick = (list: readonly Dirent[]): string => {
      const entry = list[random(list.length)];
      return entry === undefined ? '' : path.join(entry.parentPath, entry.name);
    };
    const directories = [root, ...entries.filter((e) => e.isDirectory()).map(pathOf)];
    const scene: Scene = {
      step,
      any: pick(entries),
      file: pick(entries.filter((entry) => entry.isFile())),
      // Few names, so that things are replaced and come back.
      free: path.join(directories[random(directories.length)] ?? root, `n${random(6)}`),
    };
    const act = ACTS[random(ACTS.length)];
    try {
      act?.(scene);
    } catch (error) {
      if (!hasCode(error, ...EXPECTED)) throw error;
    }
  }
}

interface Scene {
  readonly step: number;
  readonly any: string;
  readonly file: string;
  readonly free: string;
}

/** What random things run into; EXDEV is a directory that overlayfs will not rename. */
const EXPECTED = ['ENOENT', 'EEXIST', 'EISDIR', 'ENOTDIR', 'ENOTEMPTY', 'EINVAL', 'EXDEV', 'ENXIO'];

/** Opening a FIFO must fail, not wait for a reader. */
const WRITE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK;

const ACTS: readonly ((scene: Scene) => void)[] = [
  ({ free, step }) => {
    const fd = openSync(free, WRITE);
    writeSync(fd, `written ${step}`);
    closeSync(fd);
  },
  ({ file, step }) => appendFileSync(file, `changed ${step}`),
  ({ any }) => rmSync(any, { recursive: true }),
  ({ any }) => {
    rmSync(any, { recursive: true });
    mkdirSync(any);
  },
  ({ free }) => mkdirSync(free),
  ({ free }) => mkdirSync(free),
  ({ any, free }) => renameSync(any, free),
  ({ any, free }) => renameSync(any, free),
  ({ file, free }) => linkSync(file, free),
  ({ free, step }) => symlinkSync(`to ${step}`, free),
  ({ free }) => mknodat(free, S_IFIFO | 0o644),
  ({ free }) => mknodat(free, S_IFCHR | 0o666, 0x103),
  ({ file, step }) => chmodSync(file, step % 0o1000),
  ({ any, step }) => lchownSync(any, step, step),
  ({ file, step }) => lsetxattr(file, 'user.note', `${step}`),
];

function pathOf(entry: Dirent): string {
  return path.join(entry.parentPath, entry.name);
}
