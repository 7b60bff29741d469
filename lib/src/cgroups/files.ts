/**
 * Reading and writing the small text files that are a control group's interface.
 *
 * Each write is one write(2): the kernel parses what one call brings and says at once whether it
 * takes it. Files are opened without O_CREAT, or a missing one would answer EPERM, not ENOENT.
 */
import { closeSync, constants, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { errnoOf } from './errors.ts';

/** Numeric flags are documented and typed as text only; they save an open and a close of our own. */
const WRITE_ONLY = constants.O_WRONLY as unknown as string;

/** Writes one value. Throws Node's error, with the errno's name as its `code`. */
export function writeValue(path: string, value: string): void {
  writeFileSync(path, textOf(value), { flag: WRITE_ONLY });
}

/**
 * Writes several values into one file, a write(2) each, opening it once.
 * `onError` hears of every refused value; whether to go on is its to decide, by throwing.
 */
export function writeValues(
  path: string,
  values: readonly string[],
  onError: (error: unknown, index: number) => void,
): void {
  const fd = openSync(path, constants.O_WRONLY);
  try {
    for (const [index, value] of values.entries()) {
      try {
        writeSync(fd, textOf(value));
      } catch (error) {
        onError(error, index);
      }
    }
  } finally {
    closeSync(fd);
  }
}

/** Writing nothing makes no system call; a newline is how to say "empty". */
function textOf(value: string): string {
  return value === '' ? '\n' : value;
}

/** The file's text without the last newline. Throws Node's error. */
export function readValue(path: string): string {
  return readFileSync(path, 'utf8').trimEnd();
}

/** The errnos of a file that is not there: a missing controller, an older kernel, a removed cgroup. */
const ABSENT = new Set(['ENOENT', 'ENODEV', 'ENOTDIR', 'ENOTSUP']);

/** The file's text, or undefined where this kernel or cgroup does not have it. */
export function readOptional(path: string): string | undefined {
  try {
    return readValue(path);
  } catch (error) {
    if (ABSENT.has(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** A number of a cgroup file; `max` is the largest there is. */
export function parseCount(text: string | undefined): bigint {
  if (text === undefined || text === '') return 0n;
  return text === 'max' ? 0xffff_ffff_ffff_ffffn : BigInt(text);
}
