/**
 * The directories of the tree that a layer is unpacked into, by descriptor.
 *
 * A path of an archive is resolved by the kernel with the tree as its root (openat2(2),
 * RESOLVE_IN_ROOT): a symlink in the image may lead anywhere in the image, and never out of it.
 * Files are then made by the directory's descriptor and one name.
 */
import { fchmodSync, fchownSync, fstatSync, mkdirSync } from 'node:fs';
import { encodePath } from '../../overlayfs/index.ts';
import {
  AT_FDCWD,
  Descriptor,
  directoryFlag,
  hasCode,
  mkdirat,
  openat2,
  O_RDONLY,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
} from '../../sys/index.ts';
import { ImageError } from '../errors.ts';
import type { Attributes } from './attributes.ts';

/** Of how many directories the descriptors are kept. */
const KEPT_OPEN = 64;

/** A directory in the tree. Its descriptor is the cache's, and lives until the next `open`. */
export interface OpenDirectory {
  /** Relative to the root; `''` is the root. */
  readonly path: string;
  readonly fd: number;
}

export class Directories implements Disposable {
  readonly #root: Descriptor;
  readonly #open = new Map<string, Descriptor>();
  readonly #found: (path: string, attributes: Attributes) => void;
  /** Those that no entry has brought: missing when something was to be put in, and the root. */
  readonly implicit = new Set<string>(['']);

  /**
   * @param root made if it is missing.
   * @param found told of each directory that is opened, maybe again, what its attributes are.
   */
  constructor(root: string, found: (path: string, attributes: Attributes) => void) {
    mkdirSync(root, { recursive: true });
    this.#found = found;
    this.#root = openat2(AT_FDCWD, root, O_RDONLY | directoryFlag(process.arch), 0);
  }

  /** The directory of these names; those that are missing are made. */
  open(names: readonly string[]): OpenDirectory {
    const path = names.join('/');
    const known = this.#open.get(path);
    if (known !== undefined) return { path, fd: known.fd };
    const opened = this.#find(path) ?? this.#make(names);
    this.#found(path, attributesOf(opened.fd));
    if (this.#open.size >= KEPT_OPEN) this.forget();
    this.#open.set(path, opened);
    return { path, fd: opened.fd };
  }

  /** The same, but only if it is there. */
  find(names: readonly string[]): Descriptor | undefined {
    return this.#find(names.join('/'));
  }

  /** To be called when a directory or a symlink has gone: paths may mean something else now. */
  forget(): void {
    for (const descriptor of this.#open.values()) descriptor.close();
    this.#open.clear();
  }

  [Symbol.dispose](): void {
    this.forget();
    this.#root.close();
  }

  #find(path: string): Descriptor | undefined {
    const flags = O_RDONLY | directoryFlag(process.arch);
    const resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    try {
      return openat2(
        this.#root.fd,
        path === '' ? '.' : (encodePath(path) as string),
        flags,
        resolve,
      );
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      if (!hasCode(error, 'ENOTDIR', 'ELOOP')) throw error;
      throw badParent(path, 'is no directory', error);
    }
  }

  #make(names: readonly string[]): Descriptor {
    const path = names.join('/');
    const parent = this.open(names.slice(0, -1));
    try {
      mkdirat(parent.fd, encodePath(names.at(-1) ?? ''), 0o755);
    } catch (error) {
      // A symlink is there, to what does not exist.
      if (hasCode(error, 'EEXIST')) throw new DependsOnLowerLayers(path, { cause: error });
      throw error;
    }
    this.implicit.add(path);
    const made = this.#find(path);
    if (made !== undefined) return plain(made);
    throw badParent(path, 'went away while the layer was unpacked');
  }
}

/** A directory of which nobody has said anything: its own parent's setgid bit must not show. */
function plain(made: Descriptor): Descriptor {
  fchownSync(made.fd, process.geteuid?.() ?? 0, process.getegid?.() ?? 0);
  fchmodSync(made.fd, 0o755);
  return made;
}

/** What a directory's attributes are now. */
function attributesOf(fd: number): Attributes {
  const { mode, atimeNs, mtimeNs } = fstatSync(fd, { bigint: true });
  return { mode: Number(mode) & 0o7777, atime: atimeNs, mtime: mtimeNs };
}

/** A name in an open directory as a path, for the calls that take no descriptor. */
export function pathAt({ fd }: Pick<OpenDirectory, 'fd'>, name: string): string | Buffer {
  return encodePath(`/proc/self/fd/${fd}/${name}`);
}

/**
 * A layer that cannot be unpacked by itself: it goes through a symlink, or links to a file, that is
 * not in it. It can on top of the layers below.
 */
export class DependsOnLowerLayers extends ImageError {
  constructor(path: string, options?: ErrorOptions) {
    const advice = 'the layer is damaged, or not meant for the layers below it';
    super('BAD_ARCHIVE', `${path} of the layer is not in it, nor below it: ${advice}`, options);
  }
}

function badParent(path: string, what: string, cause?: unknown): ImageError {
  const message = `the layer has a file below ${path}, which ${what}: it is damaged or hostile`;
  return new ImageError('BAD_ARCHIVE', message, { cause });
}
