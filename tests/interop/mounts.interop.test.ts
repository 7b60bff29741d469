/** Root filesystem, volumes and mounts, as the container sees them and as the host does. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { output } from './engines/command.ts';
import { throughEachEngine } from './engines/each-engine.ts';
import { IMAGE } from './engines/image.ts';
import { mountOptions } from './engines/outside.ts';

let folders = 0;

throughEachEngine(
  ({ kind, engine, folder }) => {
    /** A new folder on the host with one file in it. */
    function share(): string {
      const path = join(folder(), `share-${++folders}`);
      mkdirSync(path);
      writeFileSync(join(path, 'file'), 'from the host\n');
      return path;
    }

    test('a bind mount shows the folder of the host, and takes what the container writes', async () => {
      const host = share();
      const script = 'cat /data/file; echo from inside >/data/new';
      expect(await engine().shell(['-v', `${host}:/data`], script)).toBe('from the host');
      expect(readFileSync(join(host, 'new'), 'utf8')).toBe('from inside\n');
    });

    test('a read-only bind mount refuses writes', async () => {
      const outcome = await engine().run(['-v', `${share()}:/data:ro`], ['touch', '/data/file']);
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toMatch(/Read-only file system/);
    });

    test('a bind mount of a single file', async () => {
      const host = share();
      const flags = ['-v', `${join(host, 'file')}:/etc/from-host:ro`];
      expect(await engine().shell(flags, 'cat /etc/from-host')).toBe('from the host');
    });

    test('a mount target that the image lacks is made inside the root, not on the host', async () => {
      const host = share();
      const flags = ['-v', `${host}:/made/for/this`];
      expect(await engine().shell(flags, 'cat /made/for/this/file')).toBe('from the host');
      expect(() => statSync('/made/for/this')).toThrow(/ENOENT/);
    });

    test('a mount made on the host later reaches the container if its propagation is rslave', async () => {
      const host = share();
      await output(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'outer', host]);
      try {
        await output(['mount', '--make-shared', host]);
        mkdirSync(join(host, 'later'));
        const mount = (propagation: string): string =>
          `type=bind,source=${host},target=/data,bind-propagation=${propagation}`;
        const open = await engine().start(['--mount', mount('rslave')]);
        const closed = await engine().start(['--mount', mount('rprivate')]);
        await output(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'inner', join(host, 'later')]);
        writeFileSync(join(host, 'later/file'), 'late\n');
        expect(await engine().ok('exec', open, 'cat', '/data/later/file')).toBe('late');
        expect((await engine().cli(['exec', closed, 'cat', '/data/later/file'])).code).toBe(1);
        await engine().remove(open, closed);
      } finally {
        await output(['umount', '-R', host]);
      }
    });

    test('a named volume keeps its content from one container to the next', async () => {
      await engine().ok('volume', 'create', 'kept');
      await engine().shell(['-v', 'kept:/data'], 'echo first >/data/file');
      expect(await engine().shell(['-v', 'kept:/data'], 'cat /data/file')).toBe('first');
      await engine().ok('volume', 'rm', 'kept');
    });

    test('a new volume starts with what the image has at its target', async () => {
      const text = await engine().shell(['-v', 'filled:/filled'], 'cat /filled/from-image');
      expect(text).toBe('from the image');
      await engine().ok('volume', 'rm', 'filled');
    });

    test('--volumes-from shares the volumes of another container', async () => {
      const first = await engine().start(['-v', '/shared']);
      await engine().ok('exec', first, 'sh', '-c', 'echo seen >/shared/file');
      expect(await engine().shell(['--volumes-from', first], 'cat /shared/file')).toBe('seen');
    });

    test('--tmpfs is a tmpfs with the size and mode asked for', async () => {
      const flags = ['--tmpfs', '/scratch:size=1m,mode=1770'];
      const script = 'stat -f -c %T /scratch; stat -c %a /scratch; df -k /scratch | tail -1';
      const [type, mode, size] = (await engine().shell(flags, script)).split('\n');
      expect([type, mode]).toEqual(['tmpfs', '1770']);
      expect(size).toMatch(/^tmpfs\s+1024 /);
    });

    test('--read-only: nothing but the mounts can be written', async () => {
      const flags = ['--read-only', '--tmpfs', '/scratch', '-v', '/data'];
      const script = 'touch /x; touch /etc/x; touch /scratch/x /data/x && echo mounts are writable';
      const outcome = await engine().run(flags, ['sh', '-c', script]);
      expect(outcome.stdout).toBe('mounts are writable\n');
      expect(outcome.stderr.match(/Read-only file system/g)).toHaveLength(2);
    });

    test('the root itself is mounted read-only, seen from outside', async () => {
      const pid = await engine().pid(await engine().start(['--read-only']));
      expect(mountOptions(pid, '/')).toMatch(/^ro\b/);
    });

    test('without it, what the container writes is in its own layer', async () => {
      const name = await engine().start(
        [],
        ['sh', '-c', 'echo x >/new; rm /filled/from-image; sleep 99'],
      );
      await engine().ok('stop', '-t', '0', name);
      const changes = (await engine().ok('diff', name)).split('\n');
      expect(changes).toEqual(expect.arrayContaining(['A /new', 'D /filled/from-image']));
      expect(await engine().shell([], 'cat /filled/from-image')).toBe('from the image');
    });

    test('/dev has the standard nodes and links, and can be written to', async () => {
      const script = `for n in null zero full random urandom tty; do stat -c "%n %t:%T %a" /dev/$n; done
        for l in fd stdin stdout stderr ptmx; do echo $l $(readlink /dev/$l); done
        echo gone >/dev/null && head -c 4 /dev/zero | od -An -tx1`;
      expect(await engine().shell([], script)).toBe(STANDARD_DEVICES);
    });

    test('/dev/shm has the size asked for', async () => {
      const text = await engine().shell(['--shm-size', '2m'], 'df -k /dev/shm | tail -1');
      expect(text).toMatch(/^shm\s+2048 /);
    });

    test('--device gives a device of the host, with the permissions asked for', async () => {
      const flags = ['--device', '/dev/loop-control:/dev/loops:r'];
      const script = ': </dev/loops && echo can be read; : >>/dev/loops';
      const outcome = await engine().run(flags, ['sh', '-c', script]);
      expect(outcome.stdout).toBe('can be read\n');
      expect(outcome.stderr).toMatch(/can't create \/dev\/loops: Operation not permitted/);
    });

    test('a device that was not given cannot be used, even if its node is made', async () => {
      const script = 'mknod /tmp/loops c 10 237 && echo made; : </tmp/loops';
      const outcome = await engine().run(['--cap-add', 'MKNOD'], ['sh', '-c', script]);
      expect(outcome.stdout).toBe('made\n');
      expect(outcome.stderr).toMatch(/can't open \/tmp\/loops: Operation not permitted/);
    });

    test('paths of /proc and /sys that tell about the host are masked or read-only', async () => {
      const script = `cat /proc/timer_list /proc/keys | wc -c; ls /sys/firmware | wc -l
        echo 1 >/proc/sys/kernel/panic
        cd /sys/fs/cgroup/memory || cd /sys/fs/cgroup; mkdir mine`;
      const outcome = await engine().run([], ['sh', '-c', script]);
      expect(outcome.stdout).toBe('0\n0\n');
      expect(outcome.stderr).toMatch(/\/proc\/sys\/kernel\/panic: Read-only file system/);
      expect(outcome.stderr).toMatch(/mkdir: .*'mine': Read-only file system/);
    });

    test('--sysctl is set in the namespaces of the container and not outside', async () => {
      const outside = readFileSync('/proc/sys/kernel/msgmax', 'utf8').trim();
      const flags = ['--sysctl', 'kernel.msgmax=12345'];
      expect(await engine().shell(flags, 'cat /proc/sys/kernel/msgmax')).toBe('12345');
      expect(readFileSync('/proc/sys/kernel/msgmax', 'utf8').trim()).toBe(outside);
    });

    test('cp takes a file in and out of a running container', async () => {
      const host = share();
      const name = await engine().start();
      await engine().ok('cp', join(host, 'file'), `${name}:/tmp/copied`);
      expect(await engine().ok('exec', name, 'cat', '/tmp/copied')).toBe('from the host');
      await engine().ok('exec', name, 'sh', '-c', 'echo back >/tmp/copied');
      await engine().ok('cp', `${name}:/tmp/copied`, join(host, 'back'));
      expect(readFileSync(join(host, 'back'), 'utf8')).toBe('back\n');
    });

    test('commit makes an image of what the container wrote', async () => {
      const name = await engine().start([], ['sh', '-c', 'echo made >/made; sleep 99']);
      const image = `coracle.test/made-by-${kind}`;
      await engine().ok('commit', name, image);
      expect(await engine().runImage(image, 'cat', '/made')).toBe('made');
      await engine().ok('image', 'rm', image);
      expect(await engine().ok('image', 'inspect', '--format', '{{.Os}}', IMAGE)).toBe('linux');
    });
  },
  { clients: 'newest' },
);

/** busybox's stat prints device numbers in hexadecimal. */
const STANDARD_DEVICES = `/dev/null 1:3 666
/dev/zero 1:5 666
/dev/full 1:7 666
/dev/random 1:8 666
/dev/urandom 1:9 666
/dev/tty 5:0 666
fd /proc/self/fd
stdin /proc/self/fd/0
stdout /proc/self/fd/1
stderr /proc/self/fd/2
ptmx pts/ptmx
 00 00 00 00`;
