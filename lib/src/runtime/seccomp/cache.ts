/**
 * Compiled filters on disk, one file each: two lines of JSON, then the filter's bytes.
 *
 * The first line is the key, everything that the filter depends on: the profile, the library that
 * compiled it, the kernel that the library asked, and this code's own format. It is compared as it
 * stands; the file's name is only a quick checksum of it, because loading node:crypto would take
 * longer than the whole of the rest. A file is written under another name and renamed, so a reader
 * sees all of it or nothing; whatever does not add up is compiled again. The cache never makes a
 * container fail.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { release } from 'node:os';
import type { LinuxSeccomp } from '../../oci/index.ts';
import { libseccompIdentity } from '../../sys/index.ts';
import { INSTRUCTION_SIZE } from './bpf.ts';
import type { CompiledSeccomp } from './build.ts';

/** To be raised when the same profile begins to make another filter. */
const FORMAT = 2;

/** More files than one engine's profiles make; a cache of a hostile client's profiles stays small. */
const MAX_FILES = 64;

/** The parts of a profile that its filter depends on, as a key; the listener's address is not one. */
export function profileText(seccomp: LinuxSeccomp): string {
  const { listenerPath: _path, listenerMetadata: _metadata, ...profile } = seccomp;
  try {
    return JSON.stringify(profile);
  } catch {
    // A comparison with a number past 2^53 is a bigint, which JSON has no form for.
    return JSON.stringify(profile, (_key, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
  }
}

/** The filter of a profile, if the directory has it whole and nobody else could have written it. */
export function readCached(
  directory: string | undefined,
  text: string,
): CompiledSeccomp | undefined {
  const key = cacheKey(text);
  if (directory === undefined || key === undefined) return undefined;
  try {
    return decode(readOwn(cachePath(directory, key)), key);
  } catch {
    // Missing, damaged or somebody else's: all the same to a cache.
    return undefined;
  }
}

/** Keeps a filter for the next process; does nothing where the directory cannot be written. */
export function writeCached(
  directory: string | undefined,
  text: string,
  compiled: CompiledSeccomp,
): void {
  const key = cacheKey(text);
  if (directory === undefined || key === undefined) return;
  const path = cachePath(directory, key);
  const temporary = `${path}.${process.pid}`;
  try {
    if (!existsSync(directory)) mkdirSync(directory, 0o700);
    makeRoom(directory);
    writeFileSync(temporary, encode(compiled, key), { flag: 'wx', mode: 0o600 });
    renameSync(temporary, path);
  } catch {
    rmSync(temporary, { force: true });
  }
}

/** On one line: a text with a line feed has it escaped. */
function cacheKey(text: string): string | undefined {
  const library = libseccompIdentity();
  if (library === undefined) return undefined;
  return JSON.stringify([FORMAT, library, process.arch, release(), text]);
}

function cachePath(directory: string, key: string): string {
  return `${directory}/${checksum(Buffer.from(key)).toString(16).padStart(8, '0')}-${key.length}`;
}

/** Adler-32 (RFC 1950, section 8.2) over 32-bit words: tells accidents apart, not attacks. */
function checksum(bytes: Uint8Array): number {
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(words.buffer).set(bytes);
  let low = 1;
  let high = 0;
  for (const word of words) {
    low = (low + word) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
}

/** Refuses a file that another user owns or may write: a filter is what confines the container. */
function readOwn(path: string): Buffer {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { uid, mode } = fstatSync(fd);
    if (uid !== process.geteuid?.() || (mode & 0o022) !== 0) throw new Error('not ours');
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

interface Header {
  readonly flags: number;
  readonly notify: boolean;
  readonly unknown: readonly string[];
  /** Length in bytes and checksum of what follows the line. */
  readonly length: number;
  readonly sum: number;
}

function encode({ filter, flags, notify, unknown }: CompiledSeccomp, key: string): Buffer {
  const header: Header = {
    flags,
    notify,
    unknown,
    length: filter.length,
    sum: checksum(filter),
  };
  return Buffer.concat([Buffer.from(`${key}\n${JSON.stringify(header)}\n`), filter]);
}

function decode(file: Buffer, key: string): CompiledSeccomp | undefined {
  const keyEnd = file.indexOf('\n');
  const end = file.indexOf('\n', keyEnd + 1);
  if (file.toString('utf8', 0, keyEnd) !== key) return undefined;
  const header = JSON.parse(file.toString('utf8', keyEnd + 1, end)) as Header;
  const filter = file.subarray(end + 1);
  const whole = filter.length === header.length && filter.length % INSTRUCTION_SIZE === 0;
  if (!whole || checksum(filter) !== header.sum) return undefined;
  const { flags, notify, unknown } = header;
  return { filter, flags, notify, unknown };
}

/** Removes the oldest files, so that there is room for one more. */
function makeRoom(directory: string): void {
  const names = readdirSync(directory);
  if (names.length < MAX_FILES) return;
  const byAge = names
    .map((name) => ({
      path: `${directory}/${name}`,
      time: statSync(`${directory}/${name}`).mtimeMs,
    }))
    .toSorted((one, other) => one.time - other.time);
  for (const { path } of byAge.slice(0, names.length - MAX_FILES + 1))
    rmSync(path, { force: true });
}
