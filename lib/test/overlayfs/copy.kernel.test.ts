import { truncateSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyTree } from '../../src/overlayfs/index.ts';
import { lsetxattr } from '../../src/sys/index.ts';
import { describeTree, Scratch, sh } from './scratch.ts';

let scratch: Scratch;

beforeEach(() => {
  scratch = new Scratch();
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

describe('a copy of a tree', () => {
  it('is the same in everything an image keeps', async () => {
    const from = scratch.directory('from', { 'a/b/c': 'text', big: 'x'.repeat(3_000_000) });
    sh(
      'ln a/b/c link; ln -s nowhere sym; mkfifo fifo; mknod dev b 7 300; chown 5:6 a/b/c; ' +
        'chmod 6755 a/b/c; chmod 1777 a; chown -h 9:9 sym; touch -h -d 1960-01-02T03:04:05.6 sym; ' +
        String.raw`touch "$(printf 'b\377d')"; touch -d 2001-02-03 a/b a .`,
      from,
    );
    sh('python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\'socket\')"', from);
    lsetxattr(path.join(from, 'big'), 'user.note', Buffer.from([0, 255]));
    lsetxattr(path.join(from, 'a'), 'security.capability', capability());
    const to = scratch.directory('to');
    await copyTree(from, to);
    expect(describeTree(to)).toEqual(describeTree(from));
    const times = 'stat -c "%n %Y" . a a/b';
    expect(sh(times, to)).toBe(sh(times, from));
  });

  it('keeps holes', async () => {
    const from = scratch.directory('from', { sparse: 'start' });
    truncateSync(path.join(from, 'sparse'), 500_000_000);
    sh('printf end >> sparse', from);
    const to = scratch.directory('to');
    await copyTree(from, to);
    expect(sh('cmp from/sparse to/sparse; stat -c %s to/sparse', scratch.root)).toBe('500000003');
    expect(Number(sh('stat -c %b to/sparse', scratch.root))).toBeLessThan(1000);
  });

  it('leaves overlayfs’ marks behind', async () => {
    const from = scratch.directory('from', { 'd/f': '' });
    lsetxattr(path.join(from, 'd'), 'trusted.overlay.opaque', 'y');
    const to = scratch.directory('to');
    await copyTree(from, to);
    expect(sh('python3 -c "import os; print(os.listxattr(\'d\'))"', to)).toBe('[]');
  });

  it('lets other work go on', async () => {
    const from = scratch.directory('from');
    sh('for i in $(seq 3000); do : > $i; done', from);
    let turns = 0;
    let done = false;
    const copying = copyTree(from, scratch.directory('to')).then(() => (done = true));
    const count = async (): Promise<void> => {
      while (!(await Promise.resolve(done))) {
        turns += 1;
        await setImmediate();
      }
    };
    await Promise.all([copying, count()]);
    expect(turns).toBeGreaterThan(3);
  });

  it('of what is not there says so', async () => {
    await expect(copyTree(path.join(scratch.root, 'no'), scratch.directory('to'))).rejects.toThrow(
      /no is no directory to copy: was it removed meanwhile\?/,
    );
  });
});

/** `struct vfs_cap_data`, version 2: CAP_NET_RAW, effective. */
function capability(): Buffer {
  const data = Buffer.alloc(20);
  data.writeUInt32LE(0x02000001, 0);
  data.writeUInt32LE(1 << 13, 4);
  return data;
}
