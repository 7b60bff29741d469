/** Parsers of the kernel's statistics files. Pure; what they do not know they leave out. */
import { parseFlatKeyed, parseNestedKeyed } from '#parts/cgroups/keyed.ts';
import { parseCount } from '../files.ts';
import type { BlkioEntry, Pressure, PressureLine } from './types.ts';

/** `0-2,7` → `[0, 1, 2, 7]`. cpuset(7), "List format". */
export function parseCpuList(text: string | undefined): number[] {
  return (text ?? '')
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

/** Lines of `8:0 Read 4096`; the line of totals is left out. */
export function parseBlkio(text: string | undefined): BlkioEntry[] {
  return (text ?? '').split('\n').flatMap((line) => {
    const match = /^(\d+):(\d+) (\w+) (\d+)$/.exec(line);
    if (!match) return [];
    const [, major = '0', minor = '0', op = '', value = '0'] = match;
    return [{ major: BigInt(major), minor: BigInt(minor), op, value: BigInt(value) }];
  });
}

/** Lines of `8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6` as version 1's two tables. */
export function parseIoStat(text: string | undefined): {
  bytes: BlkioEntry[];
  operations: BlkioEntry[];
} {
  const bytes: BlkioEntry[] = [];
  const operations: BlkioEntry[] = [];
  for (const [device, counters] of parseNestedKeyed(text)) {
    const [, major, minor] = /^(\d+):(\d+)$/.exec(device) ?? [];
    if (major === undefined || minor === undefined) continue;
    for (const [key, value] of counters) {
      const known = IO_KEYS[key];
      if (!known || !/^\d+$/.test(value)) continue;
      const entry = {
        major: BigInt(major),
        minor: BigInt(minor),
        op: known.op,
        value: BigInt(value),
      };
      (known.unit === 'bytes' ? bytes : operations).push(entry);
    }
  }
  return { bytes, operations };
}

const IO_KEYS: Readonly<Record<string, { op: string; unit: 'bytes' | 'operations' }>> = {
  rbytes: { op: 'Read', unit: 'bytes' },
  wbytes: { op: 'Write', unit: 'bytes' },
  dbytes: { op: 'Discard', unit: 'bytes' },
  rios: { op: 'Read', unit: 'operations' },
  wios: { op: 'Write', unit: 'operations' },
  dios: { op: 'Discard', unit: 'operations' },
};

/** Lines `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`; undefined where pressure is not counted. */
export function parsePressure(text: string | undefined): Pressure | undefined {
  const table = parseNestedKeyed(text);
  if (!table.has('some')) return undefined;
  const line = (name: string): PressureLine => {
    const value = (key: string): string => table.get(name)?.get(key) ?? '0';
    return {
      avg10: Number(value('avg10')),
      avg60: Number(value('avg60')),
      avg300: Number(value('avg300')),
      total: parseCount(value('total')),
    };
  };
  return { some: line('some'), full: line('full') };
}

/** One number out of a file of `key value` lines. */
export function keyedCount(text: string | undefined, key: string): bigint {
  return parseFlatKeyed(text)[key] ?? 0n;
}
