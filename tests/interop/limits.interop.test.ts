/** Limits on resources, read from outside in the cgroup's own files and in /proc. */
import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { throughEachEngine } from './engines/each-engine.ts';
import { output } from './engines/command.ts';
import {
  cgroupFile,
  cgroupPath,
  cpuLimit,
  cpus,
  cpuShare,
  isAlive,
  limits,
  memoryLimit,
  onCgroup1,
  pidsLimit,
  status,
} from './engines/outside.ts';
import { until } from './engines/until.ts';

const MIB = 1024 * 1024;

throughEachEngine(
  ({ kind, engine, cgroupParent }) => {
    test('--memory is the limit of the cgroup', async () => {
      const pid = await engine().pid(await engine().start(['--memory', '64m']));
      expect(memoryLimit(pid)).toBe(64 * MIB);
    });

    test('a process that takes more memory than that is killed, and the engine says why', async () => {
      const flags = ['--memory', '16m', '--memory-swap', '16m'];
      const name = await engine().create(flags, ['sh', '-c', 'tail /dev/zero']);
      await engine().ok('start', name);
      expect(await engine().ok('wait', name)).toBe('137');
      // conmon, which would have to tell podman, does not see it on every cgroup v1 host.
      if (kind === 'podman') return;
      await until('the engine to know', async () => {
        return (await engine().inspect(name, '.State.OOMKilled')) === 'true';
      });
    });

    test('--pids-limit is the limit of the cgroup, and the fork that is one too many fails', async () => {
      const name = await engine().start(['--pids-limit', '7']);
      expect(pidsLimit(await engine().pid(name))).toBe('7');
      const script = 'for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; wait';
      const outcome = await engine().cli(['exec', name, 'sh', '-c', script]);
      expect(outcome.code).not.toBe(0);
      expect(outcome.stderr).toMatch(/can't fork: Resource temporarily unavailable/);
    });

    test('--memory-swap and --memory-reservation', async () => {
      const flags = ['--memory=64m', '--memory-swap=96m', '--memory-reservation=32m'];
      const pid = await engine().pid(await engine().start(flags));
      const files = onCgroup1('memory')
        ? ['memory.memsw.limit_in_bytes', 'memory.soft_limit_in_bytes']
        : ['memory.swap.max', 'memory.low'];
      const swap = (onCgroup1('memory') ? 96 : 32) * MIB;
      const values = files.map((file) => Number(cgroupFile(pid, 'memory', file, file)));
      expect(values).toEqual([swap, 32 * MIB]);
    });

    test('--device-read-bps throttles the device', async () => {
      // A whole disk: partitions refuse throttling.
      const source = await output(['findmnt', '--noheadings', '--output', 'SOURCE', '/']);
      const parent = await output([
        'lsblk',
        '--noheadings',
        '--nodeps',
        '--output',
        'PKNAME',
        source,
      ]);
      const device = parent === '' ? source : `/dev/${parent}`;
      const { rdev } = statSync(device);
      const pid = await engine().pid(await engine().start([`--device-read-bps=${device}:1mb`]));
      const file = 'blkio.throttle.read_bps_device';
      const number = `${(rdev >> 8) & 0xfff}:${rdev & 0xff}`;
      const text = cgroupFile(pid, 'blkio', file, 'io.max');
      expect(text).toMatch(new RegExp(`^${number} (rbps=)?${MIB}\\b`));
    });

    test('--cpus is quota over period', async () => {
      const pid = await engine().pid(await engine().start(['--cpus', '0.5']));
      expect(cpuLimit(pid)).toBe(0.5);
    });

    test('--cpu-shares is the weight', async () => {
      const pid = await engine().pid(await engine().start(['--cpu-shares', '512']));
      expect(cpuShare(pid)).toBe(onCgroup1('cpu') ? 512 : 59);
    });

    test('--cpuset-cpus is where the process may run', async () => {
      const pid = await engine().pid(await engine().start(['--cpuset-cpus', '0']));
      expect(cpus(pid)).toBe('0');
      expect(status(pid, 'Cpus_allowed_list')).toBe('0');
    });

    test('a process of exec is under the same limits', async () => {
      const name = await engine().start(['--memory', '48m']);
      const own = await engine().ok('exec', name, 'cat', '/proc/self/cgroup');
      const init = await engine().ok('exec', name, 'cat', '/proc/1/cgroup');
      expect(own).toBe(init);
    });

    test('--cgroupns=private: the process sees its own cgroup as the root', async () => {
      const script = 'grep -v ":/$" /proc/self/cgroup || echo all are the root';
      const text = await engine().shell(['--cgroupns=private'], script);
      expect(text).toBe('all are the root');
    });

    test('the cgroup is below the parent asked for', async () => {
      const pid = await engine().pid(await engine().start());
      expect(cgroupPath(pid)).toMatch(cgroupParent().ofContainer);
    });

    test('--ulimit lowers a limit, soft and hard', async () => {
      const flags = ['--ulimit=nofile=500:600', '--ulimit=nproc=1000:2000'];
      const pid = await engine().pid(await engine().start(flags));
      expect(limits(pid, 'Max open files')).toEqual(['500', '600']);
      expect(limits(pid, 'Max processes')).toEqual(['1000', '2000']);
    });

    test('--oom-score-adj is written', async () => {
      const name = await engine().start(['--oom-score-adj', '300']);
      expect(await engine().ok('exec', name, 'cat', '/proc/1/oom_score_adj')).toBe('300');
    });

    describe('update changes a running container', () => {
      test('memory', async () => {
        const name = await engine().start(['--memory', '64m', '--memory-swap', '64m']);
        const pid = await engine().pid(name);
        await engine().ok('update', '--memory', '96m', '--memory-swap', '96m', name);
        expect(memoryLimit(pid)).toBe(96 * MIB);
        await engine().ok('update', '--memory', '32m', '--memory-swap', '32m', name);
        expect(memoryLimit(pid)).toBe(32 * MIB);
      });

      test('cpus', async () => {
        const name = await engine().start(['--cpus', '0.5']);
        const pid = await engine().pid(name);
        await engine().ok('update', '--cpus', '0.25', name);
        expect(cpuLimit(pid)).toBe(0.25);
      });

      test('CPUs and shares', async () => {
        const name = await engine().start(['--cpuset-cpus', '0-1', '--cpu-shares', '512']);
        const pid = await engine().pid(name);
        await engine().ok('update', '--cpuset-cpus', '1', '--cpu-shares', '256', name);
        expect(cpus(pid)).toBe('1');
        expect(cpuShare(pid)).toBe(onCgroup1('cpu') ? 256 : 35);
      });

      // On cgroup v2 the kernel takes such a limit, and kills until it holds.
      test.runIf(onCgroup1('memory'))(
        'a limit below what is in use is refused, and the old one stays',
        async () => {
          const script = 'head -c 20m /dev/zero >/dev/shm/full; echo full; sleep 1000';
          const flags = ['--shm-size=32m', '--memory=64m', '--memory-swap=64m'];
          const name = await engine().start(flags, ['sh', '-c', script]);
          await until('it to be full', async () => (await engine().ok('logs', name)) === 'full');
          const pid = await engine().pid(name);
          const update = ['update', '--memory=6m', '--memory-swap=6m', name];
          expect((await engine().cli(update)).code).not.toBe(0);
          expect(memoryLimit(pid)).toBe(64 * MIB);
          expect(isAlive(pid)).toBe(true);
        },
      );
    });
  },
  { clients: 'newest' },
);
