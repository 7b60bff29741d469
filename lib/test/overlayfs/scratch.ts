/** A place for a kernel test: directories to act in, and a look at them from outside. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodePath, imageAttributes, listNames, unmountAll } from '../../src/overlayfs/index.ts';
import { lgetxattr } from '../../src/sys/index.ts';
import { lstatOf } from '../../src/overlayfs/layers/marks.ts';

/** A temporary directory; disposing of it unmounts everything below it and removes it. */
export class Scratch implements Disposable {
  readonly root: string;

  constructor(parent = '/tmp') {
    this.root = mkdtempSync(path.join(parent, 'coracle-overlay-test-'));
  }

  /** Makes a directory, with files by name and contents; a name that ends in `/` is a directory. */
  directory(name: string, files: Readonly<Record<string, string>> = {}): string {
    const directory = path.join(this.root, name);
    mkdirSync(directory, { recursive: true });
    for (const [file, contents] of Object.entries(files)) {
      const at = path.join(directory, file);
      const parent = file.endsWith('/') ? at : path.dirname(at);
      if (parent !== directory) mkdirSync(parent, { recursive: true });
      if (parent !== at) writeFileSync(at, contents);
    }
    return directory;
  }

  [Symbol.dispose](): void {
    for (const { mountPoint } of mountsBelow(this.root).toReversed()) {
      unmountAll(mountPoint, { lazy: true });
    }
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** One mount, as the kernel shows it. */
export interface SeenMount {
  readonly mountPoint: string;
  readonly type: string;
  readonly attributes: string;
  readonly options: string;
}

/** The mounts at and below a path, in the order of /proc/self/mountinfo. */
export function mountsBelow(root: string): SeenMount[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => {
      const [left = '', right = ''] = line.split(' - ');
      const [, , , , mountPoint = '', attributes = ''] = left.split(' ');
      const [type = '', , ...options] = right.split(' ');
      return { mountPoint, type, attributes, options: options.join(' ') };
    })
    .filter(({ mountPoint }) => mountPoint === root || mountPoint.startsWith(`${root}/`));
}

/** What a shell sees: the output of a command, without the last newline. */
export function sh(command: string, cwd: string): string {
  return execFileSync('sh', ['-c', command], { cwd, encoding: 'utf8' }).trimEnd();
}

/**
 * Every path below a directory and all that an image keeps of it, one line each. Two trees with the
 * same lines are the same to a container. Times are left out of directories: they differ by who
 * made what when.
 */
export function describeTree(root: string): string[] {
  const links = new Map<string, string>();
  const describe = (at: string): string[] => {
    const full = `${root}/${at}`;
    const stats = lstatOf(full);
    if (stats === undefined) return [];
    const inode = `${stats.dev}:${stats.ino}`;
    const first = stats.nlink > 1n && !stats.isDirectory() ? links.get(inode) : undefined;
    links.set(inode, links.get(inode) ?? at);
    const parts = [
      at,
      Number(stats.mode).toString(8),
      `${stats.uid}:${stats.gid}`,
      stats.isFile() ? hash(readFileSync(encodePath(full))) : '',
      stats.isSymbolicLink() ? readlinkSync(encodePath(full)) : '',
      stats.isCharacterDevice() || stats.isBlockDevice() ? `device ${stats.rdev}` : '',
      stats.isDirectory() ? '' : `modified ${stats.mtimeNs}`,
      first === undefined ? '' : `link to ${first}`,
      ...imageAttributes(full).map((name) => `${name}=${valueOf(full, name)}`),
    ];
    const line = parts.filter((part) => part !== '').join(' ');
    if (!stats.isDirectory()) return [line];
    const names = listNames(full);
    return [line, ...names.flatMap((name) => describe(at === '.' ? name : `${at}/${name}`))];
  };
  return describe('.');
}

function valueOf(file: string, name: string): string {
  return lgetxattr(encodePath(file), name)?.toString('hex') ?? '';
}

function hash(contents: Buffer): string {
  return contents.length < 20
    ? JSON.stringify(contents.toString())
    : createHash('sha256').update(contents).digest('hex').slice(0, 12);
}
