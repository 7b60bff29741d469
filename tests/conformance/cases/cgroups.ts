// config-linux.md, control groups: where the container is, each resource's file, and enforcement.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Box } from '../harness/box.ts';
import type { Case, Mutation } from '../harness/case.ts';
import { Skip } from '../harness/case.ts';
import { v1 } from '../harness/host.ts';
import { cgroupFile, cgroupFolder, hasExited } from '../harness/observe.ts';

const PATH = 'config-linux.md#configLinuxCgroupsPath';
const MEMORY = 'config-linux.md#configLinuxMemory';
const CPU = 'config-linux.md#configLinuxCPU';
const PIDS = 'config-linux.md#configLinuxPIDS';
const BLKIO = 'config-linux.md#configLinuxBlockIO';

/** The file that a created container's cgroup must show for a resource, in v1. */
function value(
  section: string,
  title: string,
  controller: string,
  resources: Mutation,
  expected: Record<string, string | RegExp>,
  since: { since?: '1.1' | '1.2' | '1.3' } = {},
): Case {
  return {
    section,
    title,
    ...since,
    needs: v1(controller),
    steps: async (box) => {
      for (const [key, setting] of Object.entries(resources)) {
        box.patch({ [`/linux/resources/${key}`]: setting });
      }
      await box.created();
      for (const [file, wanted] of Object.entries(expected)) {
        const seen = cgroupFile(box, controller, file);
        if (seen === '(absent)') throw new Skip(`the kernel has no ${file}`);
        if (typeof wanted === 'string') box.equal(seen, wanted, file);
        else box.match(seen, wanted, file);
      }
    },
  };
}

const MIB = 1024 * 1024;
const UNLIMITED = /^9223372036854771712$/;

const memory: Case[] = [
  value(
    MEMORY,
    'memory.limit',
    'memory',
    { 'memory/limit': 64 * MIB },
    {
      'memory.limit_in_bytes': String(64 * MIB),
    },
  ),
  value(
    MEMORY,
    'memory.limit of -1 is no limit',
    'memory',
    { 'memory/limit': -1 },
    {
      'memory.limit_in_bytes': UNLIMITED,
    },
  ),
  value(
    MEMORY,
    'memory.reservation',
    'memory',
    { 'memory/reservation': 32 * MIB },
    {
      'memory.soft_limit_in_bytes': String(32 * MIB),
    },
  ),
  value(
    MEMORY,
    'memory.swap is the limit of memory and swap together',
    'memory',
    { memory: { limit: 64 * MIB, swap: 96 * MIB } },
    { 'memory.limit_in_bytes': String(64 * MIB), 'memory.memsw.limit_in_bytes': String(96 * MIB) },
  ),
  value(
    MEMORY,
    'memory.swap of -1 is no limit of swap',
    'memory',
    { memory: { limit: 64 * MIB, swap: -1 } },
    { 'memory.limit_in_bytes': String(64 * MIB), 'memory.memsw.limit_in_bytes': UNLIMITED },
  ),
  value(
    MEMORY,
    'memory.kernelTCP',
    'memory',
    { 'memory/kernelTCP': 16 * MIB },
    {
      'memory.kmem.tcp.limit_in_bytes': String(16 * MIB),
    },
  ),
  value(
    MEMORY,
    'memory.swappiness',
    'memory',
    { 'memory/swappiness': 30 },
    {
      'memory.swappiness': '30',
    },
  ),
  value(
    MEMORY,
    'memory.swappiness of 0',
    'memory',
    { 'memory/swappiness': 0 },
    {
      'memory.swappiness': '0',
    },
  ),
  value(
    MEMORY,
    'memory.disableOOMKiller',
    'memory',
    { 'memory/disableOOMKiller': true },
    {
      'memory.oom_control': /^oom_kill_disable 1$/m,
    },
  ),
  {
    section: MEMORY,
    title: 'memory.limit is enforced',
    needs: v1('memory'),
    config: { '/linux/resources/memory': { limit: 24 * MIB, swap: 24 * MIB } },
    steps: async (box) => {
      const result = await box.run('dd if=/dev/zero of=/dev/null bs=96M count=1; echo dd $?');
      box.match(result.out, /^dd 137$/m, 'how dd with a buffer of 96 MiB ended');
    },
  },
  {
    section: MEMORY,
    title: 'a swap limit below the memory limit is refused',
    needs: v1('memory'),
    config: { '/linux/resources/memory': { limit: 64 * MIB, swap: 32 * MIB } },
    refused: true,
  },
  {
    section: MEMORY,
    title: 'a swappiness above 100 is refused',
    needs: v1('memory'),
    config: { '/linux/resources/memory': { swappiness: 201 } },
    refused: true,
  },
];

const cpu: Case[] = [
  value(CPU, 'cpu.shares', 'cpu', { 'cpu/shares': 512 }, { 'cpu.shares': '512' }),
  value(
    CPU,
    'cpu.quota and cpu.period',
    'cpu',
    { cpu: { quota: 30_000, period: 60_000 } },
    { 'cpu.cfs_quota_us': '30000', 'cpu.cfs_period_us': '60000' },
  ),
  value(CPU, 'cpu.period alone', 'cpu', { 'cpu/period': 50_000 }, { 'cpu.cfs_period_us': '50000' }),
  value(
    CPU,
    'cpu.quota of -1 is no limit',
    'cpu',
    { 'cpu/quota': -1 },
    {
      'cpu.cfs_quota_us': '-1',
    },
  ),
  value(
    CPU,
    'cpu.burst',
    'cpu',
    { cpu: { quota: 30_000, period: 60_000, burst: 20_000 } },
    { 'cpu.cfs_burst_us': '20000' },
    { since: '1.1' },
  ),
  value(CPU, 'cpu.idle', 'cpu', { 'cpu/idle': 1 }, { 'cpu.idle': '1' }, { since: '1.1' }),
  {
    section: CPU,
    title: 'cpu.realtimeRuntime and cpu.realtimePeriod',
    needs: v1('cpu'),
    config: { '/linux/resources/cpu': { realtimePeriod: 500_000, realtimeRuntime: 5000 } },
    steps: async (box) => {
      // A cgroup has no more of a budget than its parent gives.
      const parent = dirname(cgroupFolder(box, 'cpu'));
      mkdirSync(parent, { recursive: true });
      const budget = join(parent, 'cpu.rt_runtime_us');
      if (!existsSync(budget)) throw new Skip('the kernel does not group real-time tasks');
      writeFileSync(budget, '20000');
      await box.created();
      box.equal(cgroupFile(box, 'cpu', 'cpu.rt_period_us'), '500000', 'cpu.rt_period_us');
      box.equal(cgroupFile(box, 'cpu', 'cpu.rt_runtime_us'), '5000', 'cpu.rt_runtime_us');
    },
  },
  value(
    CPU,
    'cpu.cpus and cpu.mems',
    'cpuset',
    { cpu: { cpus: '0', mems: '0' } },
    {
      'cpuset.cpus': '0',
      'cpuset.mems': '0',
    },
  ),
  {
    section: CPU,
    title: 'cpu.cpus is where the program may run',
    needs: v1('cpuset'),
    config: { '/linux/resources/cpu': { cpus: '0' } },
    script: 'grep Cpus_allowed_list /proc/$$/status',
    prints: 'Cpus_allowed_list:\t0',
  },
  {
    section: CPU,
    title: 'a CPU that the host does not have is refused',
    needs: v1('cpuset'),
    config: { '/linux/resources/cpu': { cpus: '4000' } },
    refused: true,
  },
  {
    section: CPU,
    title: 'a quota below the least is refused',
    needs: v1('cpu'),
    config: { '/linux/resources/cpu': { quota: 10, period: 60_000 } },
    refused: true,
  },
];

const pids: Case[] = [
  value(PIDS, 'pids.limit', 'pids', { 'pids/limit': 77 }, { 'pids.max': '77' }),
  value(PIDS, 'pids.limit of -1 is no limit', 'pids', { 'pids/limit': -1 }, { 'pids.max': 'max' }),
  value(
    PIDS,
    'pids.limit of 0 is a limit',
    'pids',
    { 'pids/limit': 0 },
    { 'pids.max': '0' },
    {
      since: '1.3',
    },
  ),
  {
    section: PIDS,
    title: 'pids.limit is enforced',
    needs: v1('pids'),
    config: { '/linux/resources/pids': { limit: 20 } },
    script: 'for i in $(seq 40); do sleep 2 & done 2>&1 | tail -1',
    prints: /[Rr]esource temporarily unavailable|can't fork/,
  },
];

/** major:minor of the disk that holds the suite's files. */
function disk(box: Box): [number, number] {
  const number = box.hostCommand('stat', '-c', '%d', box.dir).trim();
  const device = Number(number);
  const [major, minor] = [(device >> 8) & 0xfff, device & 0xff];
  if (!existsSync(`/sys/dev/block/${major}:${minor}`)) throw new Skip('no disk below the suite');
  return [major, minor];
}

const blkio: Case[] = [
  ...(
    [
      ['throttleReadBpsDevice', 'blkio.throttle.read_bps_device'],
      ['throttleWriteBpsDevice', 'blkio.throttle.write_bps_device'],
      ['throttleReadIOPSDevice', 'blkio.throttle.read_iops_device'],
      ['throttleWriteIOPSDevice', 'blkio.throttle.write_iops_device'],
    ] as const
  ).map(([name, file]): Case => {
    return {
      section: BLKIO,
      title: `blockIO.${name}`,
      needs: v1('blkio'),
      steps: async (box) => {
        const [major, minor] = disk(box);
        const entry = { major, minor, rate: 1_048_576 };
        box.patch({ '/linux/resources/blockIO': { [name]: [entry] } });
        await box.created();
        box.equal(cgroupFile(box, 'blkio', file), `${major}:${minor} 1048576`, file);
      },
    };
  }),
  {
    section: BLKIO,
    title: 'blockIO.weight',
    needs: v1('blkio'),
    config: { '/linux/resources/blockIO': { weight: 300 } },
    steps: async (box) => {
      mkdirSync(cgroupFolder(box, 'blkio'), { recursive: true });
      const file = ['blkio.weight', 'blkio.bfq.weight'].find((name) => {
        return cgroupFile(box, 'blkio', name) !== '(absent)';
      });
      rmdirSync(cgroupFolder(box, 'blkio'));
      if (file === undefined) throw new Skip('the kernel has no blkio weight');
      await box.created();
      box.match(cgroupFile(box, 'blkio', file), /(^|default )300$/m, file);
    },
  },
];

const where: Case[] = [
  {
    section: PATH,
    title: 'an absolute path is taken from the root of every hierarchy',
    needs: v1('pids'),
    steps: async (box) => {
      const pid = await box.created();
      const wrong = placesOf(box, pid).filter(([, path]) => path !== box.cgroup);
      box.equal(wrong, [], 'hierarchies where the container is elsewhere');
    },
  },
  {
    section: PATH,
    title: 'a relative path leads to the same place each time',
    needs: v1('pids'),
    steps: async (box) => {
      const relative = box.cgroup.slice(1);
      box.patch({ '/linux/cgroupsPath': relative });
      const first = placesOf(box, await box.created());
      box.succeeded(await box.delete('--force'), 'delete --force');
      const second = placesOf(box, await box.created());
      for (const [controller, path] of first) {
        const folder = `/sys/fs/cgroup/${controller}${path}`;
        box.undo.push(() => removeEmpty(folder));
      }
      box.equal(first, second, 'places');
      box.that(
        first.every(([, path]) => path.endsWith(relative)),
        'the path is in them',
        first,
      );
    },
  },
  {
    section: PATH,
    title: 'without a path two containers do not share a cgroup',
    needs: v1('pids'),
    config: { '/linux/cgroupsPath': undefined },
    steps: async (box) => {
      const pid = await box.created();
      box.equal((await box.run('true')).code, 1, 'the same id is refused');
      const [place] = placesOf(box, pid);
      box.match(place?.[1] ?? '', new RegExp(box.id), 'a place with the id in its name');
    },
  },
  {
    section: 'config-linux.md#configLinuxControlGroups',
    title: "children of the program are in the container's cgroup",
    needs: v1('pids'),
    steps: async (box) => {
      await box.started('sleep 100 & sleep 100 & echo up; wait');
      await box.printed(/up/);
      const members = cgroupFile(box, 'pids', 'cgroup.procs').split('\n').length;
      box.equal(members, 3, 'processes in the cgroup');
    },
  },
  {
    section: PATH,
    title: 'a cgroup that is there already is used',
    needs: v1('pids'),
    steps: async (box) => {
      mkdirSync(cgroupFolder(box, 'pids'), { recursive: true });
      const pid = await box.created();
      box.equal(cgroupFile(box, 'pids', 'cgroup.procs'), String(pid), 'processes in it');
    },
  },
  {
    section: 'runtime.md#runtimeDelete',
    title: 'delete leaves cgroups alone that it did not make',
    needs: v1('pids'),
    steps: async (box) => {
      const sibling = `${dirname(cgroupFolder(box, 'pids'))}/sibling`;
      mkdirSync(sibling, { recursive: true });
      box.undo.push(() => rmdirSync(sibling));
      await box.stopped();
      box.succeeded(await box.delete(), 'delete');
      box.that(existsSync(sibling), 'the sibling is there', 'removed');
    },
  },
  {
    section: PATH,
    title: 'a path with ".." stays in the hierarchy, or is refused',
    needs: v1('pids'),
    config: (box) => ({ '/linux/cgroupsPath': `/../../..${box.cgroup}` }),
    steps: async (box) => {
      const result = await box.create();
      if (result.code !== 0) return;
      const { pid = 0 } = await box.state();
      box.equal(placesOf(box, pid)[0]?.[1], box.cgroup, 'place');
    },
  },
  {
    section: 'config-linux.md#configLinuxUnified',
    title: 'unified: a controller that is not in a v2 hierarchy is refused',
    since: '1.1',
    needs: (host) => (host.cgroups === 'v2' ? 'the host has cgroup v2' : undefined),
    config: { '/linux/resources/unified': { 'memory.high': '1000000' } },
    refused: true,
  },
  {
    section: 'config-linux.md#configLinuxHugePageLimits',
    title: 'a huge page size that the host does not have is refused',
    config: { '/linux/resources/hugepageLimits': [{ pageSize: '3MB', limit: 1 }] },
    refused: true,
  },
  {
    section: 'config.md#configMounts',
    title: "a mount of type cgroup shows the container's own cgroups, read-only with ro",
    needs: v1('pids'),
    config: {
      '/mounts/-': {
        destination: '/sys/fs/cgroup',
        type: 'cgroup',
        source: 'cgroup',
        options: ['nosuid', 'noexec', 'nodev', 'relatime', 'ro'],
      },
    },
    steps: async (box) => {
      box.patch({ '/linux/resources/pids': { limit: 66 } });
      const script = 'cat /sys/fs/cgroup/pids/pids.max; mkdir /sys/fs/cgroup/pids/x 2>&1';
      await box.prints(script, /^66\nmkdir: .*Read-only file system$/);
    },
  },
  {
    section: 'config.md#configMounts',
    title: 'a mount of type cgroup in a cgroup namespace of its own shows the same',
    needs: v1('pids'),
    config: {
      '/linux/namespaces/-': { type: 'cgroup' },
      '/linux/resources/pids': { limit: 66 },
      '/mounts/-': { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup' },
    },
    script: 'cat /sys/fs/cgroup/pids/pids.max; cat /sys/fs/cgroup/pids/cgroup.procs | head -1',
    prints: '66\n1',
  },
  {
    section: 'config-linux.md#configLinuxControlGroups',
    title: 'when the program ends its children do not outlive the container',
    needs: v1('pids'),
    steps: async (box) => {
      const pid = await box.started('sleep 100 & echo up; read x < /go');
      await box.printed(/up/);
      const members = cgroupFile(box, 'pids', 'cgroup.procs').split('\n').map(Number);
      process.kill(pid, 'SIGKILL');
      await box.eventually(() => members.every(hasExited), 'all processes end with process 1');
    },
  },
];

/** [controller, path] of a process in every v1 hierarchy that is mounted here. */
function placesOf(box: Box, pid: number): [string, string][] {
  return readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([, controller = '']) => box.host.controllers.has(controller))
    .map(([, controller = '', path = '']) => [controller, path]);
}

/** Removes the container's cgroup, and the folder above it that the relative path made. */
function removeEmpty(folder: string): void {
  for (const path of [folder, dirname(folder)]) {
    if (existsSync(path) && readdirSync(path, { withFileTypes: true }).every(isFile)) {
      rmdirSync(path);
    }
  }
}

function isFile(entry: { isFile(): boolean }): boolean {
  return entry.isFile();
}

export const cgroupsCases: Case[] = [...where, ...memory, ...cpu, ...pids, ...blkio];
