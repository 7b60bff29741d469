/** Reading archives of our own writer, of GNU tar, and damaged ones. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archive, entry, file, node, readAll, symlink, withChecksum } from './archive.ts';

describe('what our writer wrote', () => {
  const odd = entry(`${'d'.repeat(90)}/${'f'.repeat(90)}`, {
    uid: 3_000_000,
    gid: 4_294_967_294,
    mode: 0o4755,
    mtime: -1_500_000_000n,
    xattrs: new Map([
      ['user.a=b', Uint8Array.from(Buffer.from('x\ny\0z'))],
      ['user.empty', new Uint8Array()],
    ]),
  });

  it('is read as it was, whatever the size of the pieces', () => {
    const bytes = archive(
      file('a', 'hello'),
      node(odd.name, odd),
      node('dir/'),
      symlink('l', '../x'),
    );
    for (const size of [1, 7, 511, 512, 513, bytes.length]) {
      const found = readAll(bytes, size);
      expect(found.map((each) => each.entry)).toEqual([
        entry('a', { size: 5 }),
        odd,
        entry('dir/'),
        entry('l', { type: 'symlink', linkName: '../x', mode: 0o777 }),
      ]);
      expect(found[0]?.data.toString()).toBe('hello');
    }
  });

  it('keeps names that are not UTF-8', () => {
    const name = 'caf\udce9';
    expect(readAll(archive(file(name, '')))[0]?.entry.name).toBe(name);
  });
});

describe('what GNU tar wrote', () => {
  const root = mkdtempSync('/tmp/coracle-tar-test-');
  const long = `${'long'.repeat(30)}/${'name'.repeat(30)}`;
  beforeAll(() => {
    mkdirSync(path.join(root, path.dirname(long)), { recursive: true });
    writeFileSync(path.join(root, long), 'deep');
    writeFileSync(path.join(root, 'plain'), 'text');
    const fd = openSync(path.join(root, 'sparse'), 'w');
    for (let at = 0; at < 12; at++) writeSync(fd, `piece ${at}`, at * 1_000_000);
    ftruncateSync(fd, 20_000_000);
    closeSync(fd);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const tar = (...options: string[]): Buffer =>
    execFileSync('tar', ['-C', root, '-S', ...options, '-cf', '-', 'plain', long, 'sparse'], {
      maxBuffer: 1 << 26,
    });

  it.each([
    ['gnu', ['--format=gnu']],
    ['pax with sparse 1.0', ['--format=pax', '--sparse-version=1.0']],
    ['pax with sparse 0.1', ['--format=pax', '--sparse-version=0.1']],
  ])('%s', (_, options) => {
    const found = readAll(tar(...options), 1000);
    expect(found.map(({ entry: { name, size } }) => [name, size])).toEqual([
      ['plain', 4],
      [long, 4],
      ['sparse', 20_000_000],
    ]);
    const sparse = found[2];
    const pieces = sparse?.entry.sparse?.filter(({ length }) => length > 0) ?? [];
    expect(pieces.length).toBe(12);
    expect(sparse?.data.length).toBe(pieces.reduce((total, { length }) => total + length, 0));
    expect(sparse?.data.toString('latin1', 0, 7)).toBe('piece 0');
  });
});

describe('an archive that is damaged or hostile', () => {
  const changed = (at: number, bytes: string): Buffer => {
    const block = node('a');
    block.write(bytes, at, 'latin1');
    return withChecksum(block);
  };
  const header = node('a');
  const pax = (records: string, size = records.length): Buffer => {
    const block = node('x', { size });
    block.write('x', 156);
    return Buffer.concat([
      withChecksum(block),
      Buffer.from(records),
      Buffer.alloc(512 - records.length),
    ]);
  };

  it.each<[string, Buffer, RegExp]>([
    ['a wrong checksum', Buffer.concat([header.fill('z', 0, 1), Buffer.alloc(512)]), /checksum/],
    ['a size that is negative', changed(124, `\xff${'\xff'.repeat(11)}`), /size .* -1/],
    ['a size beyond 2^53', changed(124, `\x80\0\0\0\xff${'\xff'.repeat(7)}`), /no file has that/],
    ['a size in letters', changed(124, 'zzz'), /not octal digits/],
    ['an unknown type', changed(156, 'Q'), /unknown type "Q"/],
    ['a record that is longer than its header', pax('99 path=x\n'), /begins no record/],
    ['a record of length 0', pax('0 path=x\n'), /begins no record/],
    ['a record without a value', pax('7 path\n'), /begins no record/],
    ['an extended header of gigabytes', pax('', 2 ** 31), /2147483648 bytes, more than/],
    ['a time that is none', Buffer.concat([pax('13 mtime=now\n'), node('a')]), /no time/],
    ['an owner that is none', Buffer.concat([pax('9 uid=-1\n'), node('a')]), /no number/],
    ['a file that is cut off', file('a', 'hello').subarray(0, 514), /ends in the middle/],
    ['a header that is cut off', node('a').subarray(0, 100), /ends in the middle/],
    ['more after the end', Buffer.concat([Buffer.alloc(512), node('a')]), /goes on after its end/],
    [
      'a sparse map beyond the file',
      Buffer.concat([pax('22 GNU.sparse.major=1\n'), file('a', '1\n0\n600\n'.padEnd(600, '\0'))]),
      /pieces/,
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => readAll(bytes)).toThrow(message);
    expect(() => readAll(bytes, 100)).toThrow(message);
  });

  it('may lack the blocks at its end, or have one', () => {
    expect(readAll(node('a')).length).toBe(1);
    expect(readAll(Buffer.concat([node('a'), Buffer.alloc(512)])).length).toBe(1);
  });
});
