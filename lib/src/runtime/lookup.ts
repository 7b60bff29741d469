/**
 * What only the container's own files can tell: where its program is, and its user's home.
 *
 * Every path is resolved below the descriptor of the container's root with RESOLVE_IN_ROOT; nothing
 * of the container is executed or loaded, and reads are bounded.
 */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { posix } from 'node:path';
import type { Process } from '../oci/index.ts';
import {
  hasCode,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  openat2,
  S_IFMT,
  S_IFDIR,
  type Notice,
} from '../sys/index.ts';
import { RuntimeError } from './errors.ts';
import { REPLY_PATH_SIZE, REPLY_SIZE } from './program/execute.ts';

/** What the child reads: the program's path and `HOME=…`. Closes the descriptors it was sent. */
export function findFiles({ descriptors }: Notice, process: Process | undefined): Buffer {
  const [rootFd = -1] = descriptors;
  const reply = Buffer.alloc(REPLY_SIZE);
  try {
    if (process !== undefined) {
      reply.write(findProgram(rootFd, process), 0, REPLY_PATH_SIZE - 1);
      reply.write(`HOME=${findHome(rootFd, process.user.uid)}`, REPLY_PATH_SIZE);
    }
    return reply;
  } finally {
    for (const fd of descriptors) closeSync(fd);
  }
}

/**
 * Finds `args[0]` as execvp(3) does, by the container's own PATH.
 *
 * @throws RuntimeError whose text dockerd and podman turn into exit code 127 or 126.
 */
function findProgram(rootFd: number, process: Process): string {
  const [name = ''] = process.args ?? [];
  if (name.includes('/')) {
    const problem = executableProblem(rootFd, posix.resolve(process.cwd, name), process);
    if (problem === undefined) return name;
    const detail =
      problem === 'ENOENT' ? `stat ${name}: no such file or directory` : describe(problem);
    throw new RuntimeError('EXECUTABLE', `exec: ${JSON.stringify(name)}: ${detail}`);
  }
  let denied = false;
  for (const directory of searchPath(process)) {
    const candidate = posix.join(posix.resolve(process.cwd, directory), name);
    const problem = name === '' ? 'ENOENT' : executableProblem(rootFd, candidate, process);
    if (problem === undefined) return candidate;
    if (problem !== 'ENOENT') denied = true;
  }
  const detail = denied ? 'permission denied' : 'executable file not found in $PATH';
  throw new RuntimeError('EXECUTABLE', `exec: ${JSON.stringify(name)}: ${detail}`);
}

function searchPath({ env = [] }: Process): string[] {
  const variable = env.findLast((entry) => entry.startsWith('PATH='));
  return variable === undefined ? [] : variable.slice('PATH='.length).split(':');
}

type Problem = 'ENOENT' | 'EACCES' | 'EISDIR' | 'ELOOP';

function executableProblem(rootFd: number, path: string, process: Process): Problem | undefined {
  try {
    using file = openat2(rootFd, path, O_PATH);
    const { mode, uid, gid } = fstatSync(file.fd);
    if ((mode & S_IFMT) === S_IFDIR) return 'EISDIR';
    return mayExecute(mode, uid, gid, process) ? undefined : 'EACCES';
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return 'ENOENT';
    if (hasCode(error, 'EACCES')) return 'EACCES';
    if (hasCode(error, 'ELOOP')) return 'ELOOP';
    throw error;
  }
}

/** access(2) with X_OK, for a user that this process is not. Ids are the container's. */
function mayExecute(mode: number, uid: number, gid: number, { user }: Process): boolean {
  if (user.uid === 0) return (mode & 0o111) !== 0;
  const groups = [user.gid, ...(user.additionalGids ?? [])];
  if (user.uid === uid) return (mode & 0o100) !== 0;
  if (groups.includes(gid)) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

function describe(problem: Problem): string {
  switch (problem) {
    case 'ENOENT':
      return 'no such file or directory';
    // docker's clients know only the text of the former.
    case 'EACCES':
    case 'EISDIR':
      return 'permission denied';
    case 'ELOOP':
      return 'too many levels of symbolic links';
  }
}

/** Bytes of a user database that are looked at; a longer or endless one is cut (threat: memory). */
const PASSWD_LIMIT = 10 << 20;

/** The home directory of a user in the container's /etc/passwd (passwd(5)); `/` if it has none. */
function findHome(rootFd: number, uid: number): string {
  for (const line of readBounded(rootFd, 'etc/passwd').split('\n')) {
    const fields = line.split(':');
    if (fields.length >= 6 && fields[2] === String(uid))
      return fields[5] === '' ? '/' : (fields[5] ?? '/');
  }
  return '/';
}

/** At most {@link PASSWD_LIMIT} bytes of a regular file; the empty string if it is none. */
function readBounded(rootFd: number, path: string): string {
  try {
    using file = openat2(rootFd, path, O_RDONLY | O_NONBLOCK);
    const { size } = fstatSync(file.fd);
    if (!fstatSync(file.fd).isFile()) return '';
    const buffer = Buffer.alloc(Math.min(size, PASSWD_LIMIT));
    const length = readSync(file.fd, buffer, 0, buffer.length, 0);
    return buffer.toString('utf8', 0, length);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENXIO')) return '';
    throw error;
  }
}
