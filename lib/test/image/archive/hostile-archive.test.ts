/** Archives from strangers, and damaged ones: refused, and nothing stays that is not garbage. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { refusal } from '../refusal.ts';
import { archive, file, node, symlink } from '../tar/archive.ts';
import { sampleFiles } from './hostile-layouts.ts';
import { tarOf } from './sample.ts';
import { importScratch } from './refused.ts';

const scratch = importScratch();

const whole = (): Buffer => tarOf(sampleFiles(() => undefined));

const ARCHIVES: [what: string, bytes: () => Uint8Array, code: string, words: string][] = [
  ['has a name that leads out', () => archive(file('../x', 'x')), 'BAD_ARCHIVE', 'leads out'],
  ['has a name that goes up', () => archive(file('a/../b', 'x')), 'BAD_ARCHIVE', 'leads out'],
  [
    'has a symlink that leads out',
    () => archive(symlink('a/b', '../../x')),
    'BAD_ARCHIVE',
    'leads out',
  ],
  [
    'has an absolute symlink',
    () => archive(symlink('a', '/etc/passwd')),
    'BAD_ARCHIVE',
    'leads out',
  ],
  [
    'has a hard link that leads out',
    () => archive(node('a', { type: 'link', linkName: '../x' })),
    'BAD_ARCHIVE',
    'leads out',
  ],
  [
    'has index.json twice',
    () => archive(file('index.json', '{}'), file('./index.json', '{}')),
    'BAD_ARCHIVE',
    'twice',
  ],
  [
    'is cut off between files',
    () => whole().subarray(0, 1024),
    'BAD_ARCHIVE',
    'no archive of images',
  ],
  [
    'is cut off in a file',
    () => whole().subarray(0, whole().length - 1500),
    'BAD_ARCHIVE',
    'the middle',
  ],
  [
    'is cut off in its compression',
    () => gzipSync(whole()).subarray(0, 500),
    'BAD_ARCHIVE',
    'gzip',
  ],
  [
    'is damaged in its compression',
    () => gzipSync(whole()).fill(0xff, 300, 400),
    'BAD_ARCHIVE',
    'gzip',
  ],
  ['is no archive at all', () => Buffer.alloc(4096, 'no archive '), 'BAD_ARCHIVE', ''],
  ['is empty', () => Buffer.alloc(0), 'BAD_ARCHIVE', 'no archive of images'],
  [
    'has other files',
    () => archive(file('etc/passwd', 'root')),
    'BAD_ARCHIVE',
    'no archive of images',
  ],
  ['has no index.json', () => archive(file('oci-layout', '{}')), 'BAD_ARCHIVE', 'index.json'],
  [
    'has too many files',
    () => archive(...Array.from({ length: 40_001 }, () => node('a/'))),
    'TOO_LARGE',
    '40000 files',
  ],
];

describe('an archive', () => {
  it.each(ARCHIVES)(
    'that %s is refused',
    { timeout: 30_000 },
    async (_what, bytes, code, words) => {
      await expect(scratch().import(bytes())).rejects.toThrow(refusal(code, words));
    },
  );
});
