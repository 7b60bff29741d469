/** Exercise 02.4: the two kinds of table that a cgroup's files are. */
import { parseCount } from '../files.ts';

// #region exercise-02-4
/**
 * A flat keyed file: one line a key, `KEY VALUE`, as cpu.stat, memory.stat and cgroup.events. Pure. The
 * kernel's cgroup-v2.rst, "Format".
 *
 * Keys are anything without white space; one space follows. A value is decimal digits or the word
 * `max`, and {@link parseCount} reads both: counters have 64 bits, more than a number holds. Lines of
 * any other form are left out, whatever file the kernel may come up with. Of a key that comes twice the
 * last line counts. Without a text (a file that this kernel does not have) there are no keys.
 */
export function parseFlatKeyed(text: string | undefined): Record<string, bigint> {
  const values: Record<string, bigint> = {};
  for (const line of (text ?? '').split('\n')) {
    const match = /^(\S+) (\d+|max)$/.exec(line);
    if (match?.[1] !== undefined) values[match[1]] = parseCount(match[2]);
  }
  return values;
}

/**
 * A nested keyed file: one line a key, `KEY NAME=VALUE NAME=VALUE …`, as io.stat (the keys are devices,
 * `8:0`) and cpu.pressure (`some` and `full`). Pure. The kernel's cgroup-v2.rst, "Format".
 *
 * The keys come in the order of the lines. One space is between two parts; the first `=` of a part
 * divides it. Values stay text, because some are fractions. Parts without `=` are left out, and so is
 * an empty line; a key with nothing behind it is there, with no names. Of a key that comes twice the
 * last line counts, whole. Without a text there are no keys.
 */
export function parseNestedKeyed(text: string | undefined): Map<string, Map<string, string>> {
  const table = new Map<string, Map<string, string>>();
  for (const line of (text ?? '').split('\n')) {
    const [key = '', ...parts] = line.split(' ');
    if (key === '') continue;
    const pairs = parts.flatMap((part): [string, string][] => {
      const at = part.indexOf('=');
      return at < 0 ? [] : [[part.slice(0, at), part.slice(at + 1)]];
    });
    table.set(key, new Map(pairs));
  }
  return table;
}
// #endregion exercise-02-4
