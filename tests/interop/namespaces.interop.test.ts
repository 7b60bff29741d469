/** Namespaces: a container's own, those of the host, and those of another container. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { throughEachEngine } from './engines/each-engine.ts';
import { isAlive, namespace, processesBeside, status } from './engines/outside.ts';
import { until } from './engines/until.ts';

const KINDS = ['ipc', 'mnt', 'net', 'pid', 'uts'] as const;

throughEachEngine(
  ({ kind, engine }) => {
    test('a container has namespaces of its own', async () => {
      const flags = kind === 'podman' ? ['--network=none'] : [];
      const pid = await engine().pid(await engine().start(flags));
      for (const one of KINDS) expect(namespace(pid, one)).not.toBe(namespace('self', one));
      expect(namespace(pid, 'user')).toBe(namespace('self', 'user'));
    });

    test('its first process is number 1 and sees no other', async () => {
      const text = await engine().shell([], 'echo $$; ls /proc | grep -c "^[0-9]"');
      expect(text).toMatch(/^1\n[1-4]$/); // The shell and its pipeline.
    });

    test('--hostname is the name inside and leaves the host’s alone', async () => {
      const outside = readFileSync('/proc/sys/kernel/hostname', 'utf8');
      expect(await engine().shell(['--hostname', 'boat'], 'hostname')).toBe('boat');
      expect(readFileSync('/proc/sys/kernel/hostname', 'utf8')).toBe(outside);
    });

    test('/etc/hosts, /etc/hostname and /etc/resolv.conf are the engine’s', async () => {
      const flags = ['--hostname', 'boat', '--add-host', 'pier:192.0.2.1', '--dns', '192.0.2.53'];
      // Without a network podman writes no resolv.conf.
      const files = '/etc/hosts /etc/hostname' + (kind === 'docker' ? ' /etc/resolv.conf' : '');
      const text = await engine().shell(flags, `cat ${files}`);
      expect(text).toMatch(/^192\.0\.2\.1\s+pier$/m);
      expect(text).toMatch(/^boat$/m);
      if (kind === 'docker') expect(text).toMatch(/^nameserver 192\.0\.2\.53$/m);
    });

    test('--pid=host shows the processes of the host', async () => {
      const name = await engine().start(['--pid=host']);
      const pid = await engine().pid(name);
      expect(namespace(pid, 'pid')).toBe(namespace('self', 'pid'));
      const script = `test -d /proc/${process.pid} && echo seen`;
      expect(await engine().ok('exec', name, 'sh', '-c', script)).toBe('seen');
    });

    test('--pid=host: all of the container’s processes end with it', async () => {
      const name = await engine().start(
        ['--pid=host'],
        ['sh', '-c', 'sleep 991 & sleep 992; true'],
      );
      const init = await engine().pid(name);
      const all = await until('both children', () => {
        const found = processesBeside(init);
        return found.length === 3 && found;
      });
      await engine().remove(name);
      await until('their end', () => all.every((pid) => !isAlive(pid)));
    });

    test('--pid=container joins that of another', async () => {
      const first = await engine().start();
      const second = await engine().start([`--pid=container:${first}`], ['sleep', '993']);
      const pids = [await engine().pid(first), await engine().pid(second)] as const;
      expect(namespace(pids[1], 'pid')).toBe(namespace(pids[0], 'pid'));
      expect(await engine().ok('exec', first, 'ps')).toContain('sleep 993');
    });

    test('--ipc=container shares shared memory, --ipc=host that of the host', async () => {
      const first = await engine().start(['--ipc=shareable']);
      await engine().ok('exec', first, 'sh', '-c', 'echo note >/dev/shm/note');
      const text = await engine().shell([`--ipc=container:${first}`], 'cat /dev/shm/note');
      expect(text).toBe('note');
      const host = await engine().pid(await engine().start(['--ipc=host']));
      expect(namespace(host, 'ipc')).toBe(namespace('self', 'ipc'));
    });

    test('--uts=host has the name of the host', async () => {
      const pid = await engine().pid(await engine().start(['--uts=host']));
      expect(namespace(pid, 'uts')).toBe(namespace('self', 'uts'));
    });

    test('--network=none has a loopback device that is up, and nothing else', async () => {
      const text = await engine().shell(
        ['--network=none'],
        'ip -o link | cut -d" " -f2; ip -o addr',
      );
      expect(text.split('\n')[0]).toBe('lo:');
      expect(text).toContain('127.0.0.1/8');
      expect(text).not.toContain('eth0');
    });

    test('--network=host is the network of the engine', async () => {
      const pid = await engine().pid(await engine().start(['--network=host']));
      const network = namespace(pid, 'net');
      // dockerd has a network namespace of its own here; its first process tells which.
      const engines = kind === 'podman' ? namespace('self', 'net') : namespace(parent(pid), 'net');
      expect(network).toBe(engines);
    });

    test('--network=container joins that of another, loopback and all', async () => {
      const first = await engine().start(['--network=none']);
      await engine().ok(
        'exec',
        '--detach',
        first,
        'nc',
        '-l',
        '-p',
        '7000',
        '-e',
        'echo',
        'over lo',
      );
      const flags = [`--network=container:${first}`];
      const text = await until('the listener', async () => {
        const outcome = await engine().run(flags, ['nc', '127.0.0.1', '7000']);
        return outcome.stdout;
      });
      expect(text).toBe('over lo\n');
    });

    test('--init puts a process 1 in front that collects the dead', async () => {
      // The orphan dies as a child of process 1, which must not let it stay a zombie.
      const script = '(sleep 0.1 &) ; sleep 1000';
      const name = await engine().start(['--init'], ['sh', '-c', script]);
      const init = await engine().pid(name);
      expect(status(init, 'Name')).toMatch(/^(docker-init|catatonit|tini|podman-init|init)$/);
      await until('two processes only', () => processesBeside(init).length === 2);
      const started = Date.now();
      await engine().ok('stop', '-t', '10', name);
      expect(Date.now() - started).toBeLessThan(5_000); // It passes SIGTERM on.
    });
  },
  { clients: 'newest' },
);

/** The process id of the shim, the parent of a container's first process. */
function parent(pid: number): number {
  return Number(status(pid, 'PPid'));
}
