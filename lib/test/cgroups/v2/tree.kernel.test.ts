/** Where controllers are let through: from the root down to the parent, and no further. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHost } from '../../../src/cgroups/index.ts';
import { PARENT, TestCgroup, onVersionTwo } from '../kernel.ts';

/** sd_booted(3). */
const hasSystemd = existsSync('/run/systemd/system');
const words = (file: string): string[] => readFileSync(file, 'utf8').trim().split(' ').toSorted();

describe.runIf(onVersionTwo)('a new cgroup', () => {
  it('has every controller of the host, and passes none on', () => {
    using test = new TestCgroup(undefined, `${PARENT}/deep/down/box`);
    const { directory } = test;
    const all = readHost().unified?.controllers.toSorted();
    expect(all).toEqual(expect.arrayContaining(['cpu', 'cpuset', 'io', 'memory', 'pids']));
    expect(words(join(directory, 'cgroup.controllers'))).toEqual(all);
    for (let above = dirname(directory); above.includes(PARENT); above = dirname(above)) {
      expect(words(join(above, 'cgroup.subtree_control'))).toEqual(all);
    }
    expect(test.read('', 'cgroup.subtree_control')).toBe('');
    expect(test.read('', 'cgroup.type')).toBe('domain');
  });

  it('of a relative path stands beside the cgroup of its maker, which holds processes', () => {
    using test = new TestCgroup(undefined, `coracle-relative-${process.pid}`);
    const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '';
    const { mountpoint = '' } = readHost().unified ?? {};
    expect(dirname(test.directory)).toBe(join(mountpoint, dirname(own)));
    test.apply({ pids: { limit: 9 }, memory: { limit: 64 << 20 } });
    expect(test.read('', 'memory.max')).toBe(String(64 << 20));
    expect(test.run('echo joined').output).toBe('joined\n');
  });

  it.runIf(hasSystemd)(
    'keeps its limits when systemd starts units beside it',
    () => {
      using test = new TestCgroup(undefined, `/coracle-single-${process.pid}`);
      test.apply({ pids: { limit: 9 }, memory: { limit: 64 << 20 } });
      const unit = `coracle-test-${process.pid}`;
      expect(spawnSync('systemd-run', ['--quiet', '--wait', '--unit', unit, 'true']).status).toBe(
        0,
      );
      expect([test.read('', 'pids.max'), test.read('', 'memory.max')]).toEqual(['9', '67108864']);
    },
    120_000,
  );
});

describe.runIf(onVersionTwo)('below a cgroup that holds processes', () => {
  it('a container runs without limits, and the parent stays what it was', async () => {
    using parent = new TestCgroup();
    await parent.start('exec sleep 60');
    using child = new TestCgroup(undefined, `${parent.path}/child`);
    expect(child.run('echo joined').output).toBe('joined\n');
    expect(parent.read('', 'cgroup.subtree_control')).toBe('');
    expect(parent.read('', 'cgroup.type')).toBe('domain');
  });

  it('a limit is an error that says who is in the way', async () => {
    using parent = new TestCgroup();
    const { pid } = await parent.start('exec sleep 60');
    using child = new TestCgroup(undefined, `${parent.path}/child`);
    expect(() => child.apply({ memory: { limit: 64 << 20 } })).toThrow(
      expect.objectContaining({
        code: 'CGROUP_WRITE',
        errno: 'ENOENT',
        source: '/linux/resources/memory/limit',
        message: expect.stringMatching(
          new RegExp(`memory controller is not enabled.*holds processes.*\\b${pid}\\b`),
        ) as unknown,
      }),
    );
  });

  it('limits are there as soon as nobody is in it any more', () => {
    using parent = new TestCgroup();
    writeFileSync(join(parent.directory, 'cgroup.subtree_control'), '+pids');
    using child = new TestCgroup(undefined, `${parent.path}/child`);
    child.apply({ pids: { limit: 3 }, memory: { limit: 64 << 20 } });
    expect(child.read('', 'memory.max')).toBe(String(64 << 20));
  });
});
