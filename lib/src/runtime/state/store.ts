/**
 * Containers on disk: `ROOT/ID/state.json`, and a lock for each.
 *
 * Every command that changes a container holds an exclusive flock(2) on its directory, so that two
 * commands at once see one another's finished work. `state.json` is replaced by rename, so that a
 * reader without the lock (`list`, `state`) never sees half of it; its home is a tmpfs, so there is
 * nothing to sync. It is written before anything of
 * the container exists, so that whatever a killed runtime leaves behind can be found and deleted.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { SystemdUnit } from '../../cgroups/index.ts';
import { parseExactJson, stringifyExactJson, type RuntimeConfig } from '../../oci/index.ts';
import { Descriptor, flock, hasCode, LOCK_EX } from '../../sys/index.ts';
import { RuntimeError } from '../errors.ts';

/** All that the runtime must remember of a container between two commands. */
export interface ContainerRecord {
  readonly id: string;
  readonly bundle: string;
  readonly rootfs: string;
  readonly config: RuntimeConfig;
  /** RFC 3339, in UTC. */
  readonly created: string;
  /** The user who made it. */
  readonly owner: string;
  /** By controller; empty before the cgroup is made. */
  readonly cgroupPaths: { [controller: string]: string };
  /** The unit of the systemd cgroup driver, for a container that was made with it. */
  readonly systemd?: SystemdUnit;
  readonly noPivot: boolean;
  /** The first process, once it is there. */
  readonly init?: { readonly pid: number; readonly startTime: string };
  /** Set when `create` has done all its work. */
  readonly complete: boolean;
}

const STATE_FILE = 'state.json';
/** Its presence means that the container waits for `start`. */
export const START_SOCKET = 'start.sock';

export class Store {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** The directory of one container. */
  directory(id: string): string {
    return join(this.root, id);
  }

  /**
   * Makes a container's directory, locked.
   *
   * @throws RuntimeError CONTAINER_EXISTS if the id is taken.
   */
  create(id: string): Disposable {
    checkId(id);
    mkdirSync(this.root, { recursive: true, mode: 0o711 });
    try {
      mkdirSync(this.directory(id), { mode: 0o711 });
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      throw new RuntimeError('CONTAINER_EXISTS', 'container with given ID already exists');
    }
    return this.#lock(id);
  }

  /**
   * Waits for the container's lock; release it with `using`.
   *
   * @throws RuntimeError CONTAINER_NOT_FOUND.
   */
  lock(id: string): Disposable {
    checkId(id);
    const lock = this.#lock(id);
    // Whoever held the lock may have deleted the container.
    if (existsSync(join(this.directory(id), STATE_FILE))) return lock;
    lock[Symbol.dispose]();
    throw notFound();
  }

  /** The same for a container whose record may be missing or broken. */
  lockAny(id: string): Disposable {
    checkId(id);
    return this.#lock(id);
  }

  /** @throws RuntimeError CONTAINER_NOT_FOUND, or STATE_INVALID if the file cannot be understood. */
  read(id: string): ContainerRecord {
    checkId(id);
    const path = join(this.directory(id), STATE_FILE);
    try {
      return parseExactJson(readFileSync(path, 'utf8')) as ContainerRecord;
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) throw notFound();
      if (!(error instanceof SyntaxError)) throw error;
      throw new RuntimeError(
        'STATE_INVALID',
        `${path} is not valid JSON, so the processes and cgroups of the container are not known; ` +
          'end them by hand, then remove that directory',
        { cause: error },
      );
    }
  }

  /** Replaces the record, whole or not at all: a full disk leaves the one before. */
  write(record: ContainerRecord): void {
    const directory = this.directory(record.id);
    const temporary = join(directory, `${STATE_FILE}.new`);
    try {
      writeFileSync(temporary, stringifyExactJson(record), { mode: 0o600 });
      renameSync(temporary, join(directory, STATE_FILE));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  /** Forgets the container, whatever its directory holds. */
  remove(id: string): void {
    rmSync(this.directory(id), { recursive: true, force: true });
  }

  /** Whether anything at all is kept under this id, be it half-made. */
  has(id: string): boolean {
    checkId(id);
    try {
      closeSync(openSync(this.directory(id), 'r'));
      return true;
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
      throw error;
    }
  }

  /** The ids of all containers, sorted; none when the root is not there yet. */
  ids(): string[] {
    try {
      const entries = readdirSync(this.root, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isDirectory() && ID.test(entry.name))
        .map(({ name }) => name)
        .toSorted();
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  #lock(id: string): Disposable {
    try {
      const directory = new Descriptor(openSync(this.directory(id), 'r'));
      flock(directory.fd, LOCK_EX);
      return directory;
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) throw notFound();
      throw error;
    }
  }
}

/** As runc accepts them; `.` and `..` are no names. */
const ID = /^(?!\.{1,2}$)[\w+.-]+$/;

function checkId(id: string): void {
  if (id.length <= 1024 && ID.test(id)) return;
  throw new RuntimeError('CONTAINER_ID', 'invalid container ID format');
}

function notFound(): RuntimeError {
  return new RuntimeError('CONTAINER_NOT_FOUND', 'container does not exist');
}
