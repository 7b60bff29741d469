/** Compiled filters on disk. Needs the libseccomp package, whose version is part of the key. */
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LinuxSeccomp } from '../../../src/oci/index.ts';
import type { CompiledSeccomp } from '../../../src/runtime/seccomp/index.ts';
import { profileText, readCached, writeCached } from '../../../src/runtime/seccomp/cache.ts';

const profile: LinuxSeccomp = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['chmod'], action: 'SCMP_ACT_ERRNO' }],
};
const text = profileText(profile);
const compiled: CompiledSeccomp = {
  filter: Buffer.from('0600000000000300'.repeat(3), 'hex'),
  flags: 12,
  notify: true,
  unknown: ['frobnicate'],
};

let directory = '';
beforeEach(() => {
  directory = path.join(mkdtempSync(path.join(tmpdir(), 'seccomp-cache-')), 'cache');
});
afterEach(() => rmSync(path.dirname(directory), { recursive: true }));

/** The one file in the cache. */
function onlyFile(): string {
  const names = readdirSync(directory);
  expect(names).toHaveLength(1);
  return path.join(directory, names[0] ?? '');
}

describe('the key of a profile', () => {
  const text2 = (change: Partial<LinuxSeccomp>): string => profileText({ ...profile, ...change });

  it('leaves out where the agent listens, which the filter does not depend on', () => {
    expect(text2({ listenerPath: '/run/a', listenerMetadata: 'b' })).toBe(text);
  });

  it('tells every other difference, also between numbers past 2^53', () => {
    const compare = (value: bigint): string =>
      text2({
        syscalls: [
          {
            names: ['chmod'],
            action: 'SCMP_ACT_ERRNO',
            args: [{ index: 0, op: 'SCMP_CMP_EQ', value }],
          },
        ],
      });
    const texts = [
      text,
      text2({ flags: [] }),
      text2({ defaultAction: 'SCMP_ACT_LOG' }),
      compare(2n ** 63n),
      compare(2n ** 63n + 1n),
    ];
    expect(new Set(texts).size).toBe(5);
  });
});

describe('a filter that was kept', () => {
  beforeEach(() => writeCached(directory, text, compiled));

  it('is found again, whole', () => {
    expect(readCached(directory, text)).toEqual(compiled);
  });

  it('is for its own profile only', () => {
    expect(readCached(directory, `${text} `)).toBeUndefined();
  });

  it('is in one file that nobody else can read or write, and no temporary one is left', () => {
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(path.basename(onlyFile())).toMatch(/^[0-9a-f]{8}-\d+$/);
  });

  it.each<[string, (file: string) => void]>([
    ['is cut short', (file) => truncateSync(file, statSync(file).size - 8)],
    ['is longer', (file) => writeFileSync(file, Buffer.alloc(8), { flag: 'a' })],
    ['is empty', (file) => truncateSync(file, 0)],
    [
      'has other bytes',
      (file) => {
        const bytes = readFileSync(file);
        bytes.writeUInt8(1, bytes.length - 1);
        writeFileSync(file, bytes);
      },
    ],
    ['may be written by others', (file) => chmodSync(file, 0o602)],
  ])('is compiled again when its file %s', (_what, damage) => {
    damage(onlyFile());
    expect(readCached(directory, text)).toBeUndefined();
  });

  it.runIf(process.geteuid?.() === 0)('is compiled again when its file is another user’s', () => {
    chownSync(onlyFile(), 65534, 65534);
    expect(readCached(directory, text)).toBeUndefined();
  });
});

describe('the directory', () => {
  it('is not needed: without one nothing is kept', () => {
    writeCached(undefined, text, compiled);
    expect(readCached(undefined, text)).toBeUndefined();
  });

  it('may be impossible: a filter is then compiled each time', () => {
    writeCached('/proc/no/such', text, compiled);
    expect(readCached('/proc/no/such', text)).toBeUndefined();
  });

  it('keeps 64 filters, and forgets the one that is oldest', () => {
    writeCached(directory, text, compiled);
    utimesSync(onlyFile(), 1, 1);
    for (let count = 1; count <= 64; count += 1) writeCached(directory, String(count), compiled);
    expect(readdirSync(directory)).toHaveLength(64);
    expect(readCached(directory, text)).toBeUndefined();
    expect(readCached(directory, '64')).toEqual(compiled);
  });
});
