/**
 * Unpacks the files of one layer into a directory (layer.md, "Applying Changesets").
 *
 *     entry ─▶ whiteout?  delete, or mark as deleted
 *           ─▶ else       make room, make it, write its data, give it its attributes
 *     finish ─▶ modes and times of the directories, which every file in them has changed
 *
 * Nothing is made or removed outside of the directory, whatever the archive says.
 */
import { lstatSync, rmSync, writeSync, type Stats } from 'node:fs';
import { placeEntry, splitEntryPath } from '#parts/image/entry-path.ts';
import { encodePath, readOciName, type LayerForm } from '../../overlayfs/index.ts';
import {
  createFileAt,
  hasCode,
  linkat,
  openDirectoryAt,
  type Descriptor,
} from '../../sys/index.ts';
import { ImageError } from '../errors.ts';
import type { EntryType, TarEntry } from '../tar/entry.ts';
import type { TarHandler } from '../tar/reader.ts';
import { finishDirectory, finishFile, finishNode, type Attributes } from './attributes.ts';
import { DependsOnLowerLayers, Directories, pathAt, type OpenDirectory } from './directories.ts';
import { makeNode } from './make-node.ts';
import { SparseWriter } from './sparse-writer.ts';
import { overlayWhiteouts, plainWhiteouts, type Whiteouts } from './whiteouts.ts';

/** What a layer may have at most. */
export interface LayerLimits {
  /** Files, directories and all else. Default 5 million. */
  readonly entries: number;
  /** Bytes, uncompressed. Default 64 GiB. */
  readonly bytes: number;
}

export const DEFAULT_LIMITS: LayerLimits = { entries: 5_000_000, bytes: 64 * 2 ** 30 };

/** A regular file that is being written. */
interface OpenFile {
  readonly entry: TarEntry;
  readonly directory: OpenDirectory;
  readonly name: string;
  readonly file: Descriptor;
  readonly sparse: SparseWriter | undefined;
}

/** What a {@link TarReader} tells is done here, in one directory. */
export class LayerApplier implements TarHandler, Disposable {
  readonly #form: LayerForm;
  readonly #limits: LayerLimits;
  readonly #directories: Directories;
  readonly #whiteouts: Whiteouts;
  /** Paths that this layer has brought; needed only where the layers below are in the same tree. */
  readonly #written = new Set<string>();
  /** Of directories, to be set at the end. */
  readonly #attributes = new Map<string, Attributes>();
  #file: OpenFile | undefined;
  #entries = 0;

  /** @param root the directory; made if it is missing. */
  constructor(root: string, form: LayerForm, limits: LayerLimits = DEFAULT_LIMITS) {
    this.#form = form;
    this.#limits = limits;
    this.#directories = new Directories(root, (path, found) => {
      if (!this.#attributes.has(path)) this.#attributes.set(path, found);
    });
    this.#whiteouts =
      form.form === 'overlay'
        ? overlayWhiteouts(form.userxattr ?? false)
        : plainWhiteouts(this.#written);
  }

  /** Directories that files were put into, and that the layer has not brought itself. */
  get implicit(): ReadonlySet<string> {
    return this.#directories.implicit;
  }

  /** Makes room, makes the file, and opens it if it has data. */
  entry(entry: TarEntry): void {
    this.#count();
    const names = splitEntryPath(entry.name);
    const name = names.pop();
    if (name === undefined) {
      this.#rootEntry(entry);
      return;
    }
    const directory = this.#directories.open(names);
    const meaning = readOciName(name);
    if (meaning.kind === 'whiteout') this.#whiteouts.whiteout(directory, meaning.name);
    else if (meaning.kind === 'opaque') this.#whiteouts.opaque(directory);
    else if (meaning.kind === 'file') this.#put(directory, name, entry);
  }

  /** Writes on. */
  data(bytes: Uint8Array): void {
    if (this.#file === undefined) return;
    const { file, sparse } = this.#file;
    if (sparse !== undefined) sparse.write(bytes);
    else for (let at = 0; at < bytes.length;) at += writeSync(file.fd, bytes, at);
  }

  /** Gives the file its attributes. */
  end(): void {
    if (this.#file === undefined) return;
    const { file, directory, name, entry, sparse } = this.#file;
    sparse?.finish();
    finishFile(file.fd, directory, name, entry);
    file.close();
    this.#file = undefined;
  }

  /** After the last entry. The deepest directories come first: a mode may close the way to them. */
  finish(): void {
    for (const [path, attributes] of [...this.#attributes].toReversed()) {
      using directory = this.#directories.find(path === '' ? [] : path.split('/'));
      if (directory !== undefined) finishDirectory(directory.fd, attributes);
    }
  }

  /** Closes what is open; what was unpacked stays. */
  [Symbol.dispose](): void {
    this.#file?.file.close();
    this.#directories[Symbol.dispose]();
  }

  #count(): void {
    this.#entries++;
    if (this.#entries <= this.#limits.entries) return;
    throw new ImageError(
      'TOO_LARGE',
      `the layer has more than ${this.#limits.entries} files: raise the limit if you trust it`,
    );
  }

  #rootEntry(entry: TarEntry): void {
    if (entry.type !== 'directory') {
      const message = `the layer has a ${entry.type} in place of the root directory: do not use it`;
      throw new ImageError('BAD_ARCHIVE', message);
    }
    const root = this.#directories.open([]);
    this.#directories.implicit.delete('');
    finishNode(root, '.', entry);
    this.#attributes.set('', attributesFrom(entry));
  }

  #put(directory: OpenDirectory, name: string, entry: TarEntry): void {
    const path = directory.path === '' ? name : `${directory.path}/${name}`;
    let within = directory;
    try {
      this.#make(directory, name, entry);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      within = this.#makeAmong(directory, name, path, entry);
    }
    if (this.#form.form === 'plain') this.#written.add(path);
    if (entry.type === 'file') return;
    if (entry.type === 'directory') this.#attributes.set(path, attributesFrom(entry));
    if (entry.type !== 'link') finishNode(within, name, entry);
  }

  /**
   * Something is there: keep it if it is the same directory, else put the entry in its place.
   *
   * @returns the directory, which may have had to be opened again.
   */
  #makeAmong(directory: OpenDirectory, name: string, path: string, entry: TarEntry): OpenDirectory {
    const there = typeOf(lstatSync(pathAt(directory, name)));
    if (placeEntry(entry.type, there) === 'keep') {
      this.#directories.implicit.delete(path);
      return directory;
    }
    rmSync(pathAt(directory, name), { recursive: true });
    this.#attributes.delete(path);
    this.#directories.forget();
    const again = this.#directories.open(directory.path === '' ? [] : directory.path.split('/'));
    this.#make(again, name, entry);
    if (entry.type === 'directory') {
      using made = openDirectoryAt(again.fd, encodePath(name));
      this.#whiteouts.replaced({ path, fd: made.fd });
    }
    return again;
  }

  /** @throws SyscallError EEXIST if something is there. */
  #make(directory: OpenDirectory, name: string, entry: TarEntry): void {
    if (entry.type === 'file') this.#file = this.#createFile(directory, name, entry);
    else if (entry.type === 'link') this.#link(directory, name, entry);
    else makeNode(directory, name, entry, this.#form);
  }

  #createFile(directory: OpenDirectory, name: string, entry: TarEntry): OpenFile {
    const file = createFileAt(directory.fd, encodePath(name), 0o600);
    const sparse = entry.sparse && new SparseWriter(file.fd, entry.sparse, entry.size);
    return { entry, directory, name, file, sparse };
  }

  /** The target is resolved as a path of the image, but for its last name: a symlink may be linked. */
  #link(directory: OpenDirectory, name: string, entry: TarEntry): void {
    const target = splitEntryPath(entry.linkName);
    const last = target.pop() ?? '.';
    using parent = this.#directories.find(target);
    if (parent === undefined) throw new DependsOnLowerLayers(entry.linkName);
    try {
      linkat(parent.fd, encodePath(last), directory.fd, encodePath(name));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) {
        throw new DependsOnLowerLayers(entry.linkName, { cause: error });
      }
      throw error;
    }
  }
}

function attributesFrom({ mode, atime, mtime }: TarEntry): Attributes {
  return { mode, atime: atime ?? mtime, mtime };
}

function typeOf(stats: Stats): EntryType {
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isCharacterDevice()) return 'char';
  return stats.isBlockDevice() ? 'block' : 'file';
}
