import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench, SNAPSHOTTERS } from './bench.ts';

describe.each(SNAPSHOTTERS)('$name: what a snapshot keeps', ({ open }) => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench(open);
  });

  afterEach(() => {
    bench[Symbol.dispose]();
  });

  it('attributes of the root directory pass from parent to child', async () => {
    await bench.layer('image', undefined, 'chmod 1711 .; chown 12:34 .; touch -d 2001-02-03 .');
    const look = 'stat -c "%a %u:%g" .';
    expect(bench.within(await bench.snapshots.prepare('a', 'image'), look)).toBe('1711 12:34');
    await bench.snapshots.commit('image2', 'a');
    expect(bench.within(await bench.snapshots.view('v', 'image2'), look)).toBe('1711 12:34');
  });

  it('a fresh root directory is root’s, 0755, whatever the umask', async () => {
    const before = process.umask(0o077);
    try {
      expect(bench.within(await bench.snapshots.prepare('a'), 'stat -c "%a %u:%g" .')).toBe(
        '755 0:0',
      );
    } finally {
      process.umask(before);
    }
  });

  it('a directory deleted and made anew shows nothing of the old', async () => {
    await bench.layer('one', undefined, 'mkdir -p d/sub; touch d/old d/sub/old');
    await bench.layer('two', 'one', 'rm -r d; mkdir d; touch d/new');
    expect(bench.within(await bench.snapshots.view('v', 'two'), 'find d')).toBe('d\nd/new');
  });

  it('a file deleted in one layer comes back in another', async () => {
    await bench.layer('one', undefined, 'echo 1 > file');
    await bench.layer('two', 'one', 'rm file');
    await bench.layer('three', 'two', 'echo 3 > file');
    expect(bench.within(await bench.snapshots.view('v2', 'two'), 'ls -A')).toBe('');
    expect(bench.within(await bench.snapshots.view('v3', 'three'), 'cat file')).toBe('3');
  });

  it('a directory of the parent can be moved, with what is in it', async () => {
    await bench.layer('one', undefined, 'mkdir -p d/sub; echo x > d/sub/file');
    await bench.layer('two', 'one', 'mv d e; echo y >> e/sub/file');
    expect(
      bench.within(await bench.snapshots.view('v', 'two'), 'find . | sort; cat e/sub/file'),
    ).toBe('.\n./e\n./e/sub\n./e/sub/file\nx\ny');
  });

  it('hard links within a layer stay links', async () => {
    await bench.layer('one', undefined, 'echo x > a; ln a b');
    const look = '[ a -ef b ] && stat -c %h a';
    expect(bench.within(await bench.snapshots.view('v', 'one'), look)).toBe('2');
  });

  it('owners, modes, setuid, extended attributes, devices and capabilities', async () => {
    const make =
      'echo x > f; chown 7:8 f; chmod 4750 f; mknod null c 1 3; mkfifo p; ln -s /nowhere l; ' +
      'chown -h 9:9 l; mkdir d; chmod 2770 d; touch -h -d 2001-02-03T04:05:06.789 f l';
    await bench.layer('one', undefined, make);
    const before = bench.within(
      await bench.snapshots.view('v', 'one'),
      'stat -c "%n %a %u:%g %Y %F" *',
    );
    bench.within(await bench.snapshots.prepare('a', 'one'), 'touch other');
    expect(
      bench.within(bench.snapshots.mounts('a'), 'rm other; stat -c "%n %a %u:%g %Y %F" *'),
    ).toBe(before);
    expect(before).toContain('f 4750 7:8 981');
  });
});
