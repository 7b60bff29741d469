/** Threat 9: the host's cgroups, and release_agent, from inside a container (CVE-2022-0492). */
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CAPABILITY_NAMES, type RuntimeConfig } from 'coracle/oci';
import { Box, whyNoContainers } from './box.ts';

/** Version 2 has none. */
const hasReleaseAgents = Object.keys(releaseAgents()).length > 0;

describe.skipIf(whyNoContainers() !== undefined)('cgroups inside a container', () => {
  it('are a view of its own, and every hierarchy is mounted read-only', () => {
    using box = new Box();
    box.configure(['true'], withCgroupNamespace);
    const pid = box.create();
    expect(readlinkSync(`/proc/${pid}/ns/cgroup`)).not.toBe(readlinkSync('/proc/self/ns/cgroup'));
    const mounts = cgroupMounts(pid);
    expect(mounts.length).toBeGreaterThan(0);
    expect(mounts.filter(({ options }) => !options.includes('ro'))).toEqual([]);
  });

  it('would be seen to be writable: without the option ro they are', () => {
    using box = new Box();
    box.configure(['true'], (config) => {
      withCgroupNamespace(config);
      for (const mount of config.mounts ?? []) {
        if (mount.type === 'cgroup') mount.options = ['nosuid', 'noexec', 'nodev'];
      }
    });
    const mounts = cgroupMounts(box.create());
    expect(mounts.filter(({ options }) => !options.includes('ro'))).not.toEqual([]);
  });

  it('show the container’s cgroup as the root: nothing of the host’s tree is named', () => {
    using box = new Box();
    box.configure(['cat', '/proc/self/cgroup'], withCgroupNamespace);
    const { stdout } = box.run();
    const paths = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(':')[2]);
    expect(new Set(paths)).toEqual(new Set(['/']));
  });

  it('refuse every write and mkdir, whatever capabilities the container has but CAP_SYS_ADMIN', () => {
    using box = new Box();
    box.plant('attack', ATTACK);
    box.configure(['/attack'], (config) => {
      withCgroupNamespace(config);
      const all = CAPABILITY_NAMES.filter((name) => name !== 'CAP_SYS_ADMIN');
      Object.assign(config.process ?? {}, {
        capabilities: { bounding: all, effective: all, permitted: all },
      });
    });
    const { stdout, status } = box.run();
    expect({ stdout, status }).toEqual({ stdout: 'tried\n', status: { code: 0 } });
  });

  it.skipIf(!hasReleaseAgents)('keep the host’s release agents as they were', () => {
    const before = releaseAgents();
    using box = new Box();
    box.plant('attack', ATTACK);
    box.configure(['/attack'], withCgroupNamespace);
    expect(box.run().stdout).toBe('tried\n');
    expect(releaseAgents()).toEqual(before);
  });
});

/** Names whatever it could change. */
const ATTACK = `#!/bin/sh
for c in /sys/fs/cgroup /sys/fs/cgroup/*; do
  (echo /evil > $c/release_agent) 2>/dev/null && echo "release_agent $c"
  (echo 1 > $c/notify_on_release) 2>/dev/null && echo "notify_on_release $c"
  (echo 0 > $c/cgroup.procs) 2>/dev/null && echo "cgroup.procs $c"
  mkdir $c/evil 2>/dev/null && echo "mkdir $c"
  mount -o remount,rw $c 2>/dev/null && echo "remount $c"
done
mkdir /mnt
for controller in memory rdma cpu; do
  mount -t cgroup -o $controller cgroup /mnt 2>/dev/null && echo "mount $controller"
done
mount -t cgroup2 cgroup2 /mnt 2>/dev/null && echo "mount cgroup2"
echo tried
`;

function withCgroupNamespace(config: RuntimeConfig): void {
  config.linux?.namespaces?.push({ type: 'cgroup' });
}

function cgroupMounts(pid: number): { point: string; options: string[] }[] {
  return readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' '))
    .map((fields) => ({ point: fields[4] ?? '', options: (fields[5] ?? '').split(',') }));
}

function releaseAgents(): Record<string, string> {
  const files = ['memory', 'cpu', 'systemd', 'devices', 'pids']
    .map((hierarchy) => `/sys/fs/cgroup/${hierarchy}/release_agent`)
    .filter((file) => existsSync(file));
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, 'utf8')]));
}
