// config.md, the Linux part of process: capabilities, privileges, scheduling, security labels.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Case } from '../harness/case.ts';
import { v1 } from '../harness/host.ts';
import { cgroupFolder, status } from '../harness/observe.ts';

const LINUX = 'config.md#configLinuxProcess';

/** The mask /proc shows for capability numbers. */
function mask(...numbers: number[]): string {
  const bits = numbers.reduce((sum, number) => sum | (1n << BigInt(number)), 0n);
  return bits.toString(16).padStart(16, '0');
}

const CHOWN = 0;
const KILL = 5;
const SETPCAP = 8;
const NET_BIND_SERVICE = 10;

const SHOW_CAPS = 'grep ^Cap /proc/$$/status | tr "\\t" " "';

function masks(inh: string, prm: string, eff: string, bnd: string, amb: string): string {
  return `CapInh: ${inh}\nCapPrm: ${prm}\nCapEff: ${eff}\nCapBnd: ${bnd}\nCapAmb: ${amb}`;
}

const capabilities: Case[] = [
  {
    section: LINUX,
    title: 'capabilities: each of the five sets is as asked',
    config: {
      '/process/user': { uid: 1000, gid: 1000 },
      '/process/capabilities': {
        bounding: ['CAP_CHOWN', 'CAP_KILL', 'CAP_SETPCAP', 'CAP_NET_BIND_SERVICE'],
        permitted: ['CAP_CHOWN', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'],
        effective: ['CAP_KILL', 'CAP_NET_BIND_SERVICE'],
        inheritable: ['CAP_KILL', 'CAP_NET_BIND_SERVICE'],
        ambient: ['CAP_NET_BIND_SERVICE'],
      },
    },
    // After execve by a plain user: permitted and effective are what is ambient.
    script: SHOW_CAPS,
    prints: masks(
      mask(KILL, NET_BIND_SERVICE),
      mask(NET_BIND_SERVICE),
      mask(NET_BIND_SERVICE),
      mask(CHOWN, KILL, SETPCAP, NET_BIND_SERVICE),
      mask(NET_BIND_SERVICE),
    ),
  },
  {
    section: LINUX,
    title: 'capabilities: root keeps the bounding set only',
    config: {
      '/process/capabilities': {
        bounding: ['CAP_CHOWN', 'CAP_KILL'],
        permitted: ['CAP_CHOWN', 'CAP_KILL'],
        effective: ['CAP_CHOWN', 'CAP_KILL'],
      },
    },
    script: SHOW_CAPS,
    prints: masks(mask(), mask(CHOWN, KILL), mask(CHOWN, KILL), mask(CHOWN, KILL), mask()),
  },
  {
    section: LINUX,
    title: 'capabilities: empty sets leave root with none',
    config: { '/process/capabilities': { bounding: [], permitted: [], effective: [] } },
    script: SHOW_CAPS,
    prints: masks(mask(), mask(), mask(), mask(), mask()),
  },
  {
    section: LINUX,
    title: 'capabilities: a plain user without ambient ones has none in effect',
    config: { '/process/user': { uid: 1000, gid: 1000 } },
    script: 'grep ^CapEff /proc/$$/status',
    prints: `CapEff:\t${mask()}`,
  },
  {
    section: LINUX,
    title: 'capabilities: a name the kernel does not know is a warning, not an error',
    config: { '/process/capabilities/bounding/-': 'CAP_NO_SUCH_THING' },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: LINUX,
    title: 'capabilities: one that cannot be granted is a warning, not an error',
    since: '1.1',
    needs: (host) => (host.sysResource ? 'the suite has CAP_SYS_RESOURCE here' : undefined),
    config: {
      '/process/capabilities/bounding/-': 'CAP_SYS_RESOURCE',
      '/process/capabilities/permitted/-': 'CAP_SYS_RESOURCE',
      '/process/capabilities/effective/-': 'CAP_SYS_RESOURCE',
    },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: LINUX,
    title: 'capabilities: an ambient one that is not inheritable is not raised, or refused',
    config: {
      '/process/user': { uid: 1000, gid: 1000 },
      '/process/capabilities/ambient': ['CAP_KILL'],
    },
    steps: async (box) => {
      const result = await box.run('grep ^CapAmb /proc/$$/status');
      if (result.code === 0) box.equal(result.out.trim(), `CapAmb:\t${mask()}`, 'ambient set');
    },
  },
];

const privileges: Case[] = [
  {
    section: LINUX,
    title: 'noNewPrivileges sets no_new_privs',
    config: { '/process/noNewPrivileges': true },
    script: 'grep ^NoNewPrivs /proc/$$/status',
    prints: 'NoNewPrivs:\t1',
  },
  {
    section: LINUX,
    title: 'without noNewPrivileges it is not set',
    config: { '/process/noNewPrivileges': undefined },
    script: 'grep ^NoNewPrivs /proc/$$/status',
    prints: 'NoNewPrivs:\t0',
  },
  {
    section: LINUX,
    title: 'oomScoreAdj is set',
    config: { '/process/oomScoreAdj': 123 },
    script: 'cat /proc/$$/oom_score_adj',
    prints: '123',
  },
  {
    section: LINUX,
    title: 'an oomScoreAdj of 0 is a value like any other',
    config: { '/process/oomScoreAdj': 0 },
    script: 'cat /proc/$$/oom_score_adj',
    prints: '0',
  },
  {
    section: LINUX,
    title: 'without oomScoreAdj it stays as inherited',
    steps: async (box) => {
      box.script('cat /proc/$$/oom_score_adj');
      box.writeConfig();
      const via = ['sh', '-c', 'echo 77 > /proc/self/oom_score_adj; exec "$@"', 'sh'];
      const result = await box.callVia(via, 'run', '-b', box.bundle, box.id);
      box.equal(result.out.trim(), '77', 'oom_score_adj');
    },
  },
  {
    section: LINUX,
    title: 'an oomScoreAdj above 1000 is refused',
    config: { '/process/oomScoreAdj': 1001 },
    refused: true,
  },
  {
    section: LINUX,
    title: 'an apparmorProfile on a host without AppArmor is refused',
    needs: (host) => (host.apparmor ? 'the host has AppArmor' : undefined),
    config: { '/process/apparmorProfile': 'acme_secure_profile' },
    refused: true,
  },
  {
    section: LINUX,
    title: 'a selinuxLabel on a host without SELinux is refused',
    needs: (host) => (host.selinux ? 'the host has SELinux' : undefined),
    config: { '/process/selinuxLabel': 'system_u:system_r:svirt_lxc_net_t:s0:c1,c2' },
    refused: true,
  },
];

/** Policy, nice and static priority of a process, from outside (proc_pid_stat(5), fields 41, 19, 40). */
function scheduling(pid: number): { policy: number; nice: number; priority: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { policy: Number(fields[38]), nice: Number(fields[16]), priority: Number(fields[37]) };
}

const scheduler: Case[] = [
  scheduled('SCHED_OTHER with nice', { policy: 'SCHED_OTHER', nice: 7 }, 0, 7, 0),
  scheduled('SCHED_BATCH with nice', { policy: 'SCHED_BATCH', nice: 3 }, 3, 3, 0),
  scheduled('SCHED_IDLE', { policy: 'SCHED_IDLE' }, 5, 0, 0),
  {
    section: LINUX,
    title: 'scheduler: SCHED_RR with priority',
    since: '1.1',
    needs: v1('cpu'),
    config: {
      '/process/scheduler': { policy: 'SCHED_RR', priority: 5 },
      '/linux/resources/cpu': { realtimePeriod: 1_000_000, realtimeRuntime: 10_000 },
    },
    steps: async (box) => {
      // Where real-time tasks are grouped, a cgroup has no more of a budget than its parent gives.
      const parent = dirname(cgroupFolder(box, 'cpu'));
      mkdirSync(parent, { recursive: true });
      const budget = join(parent, 'cpu.rt_runtime_us');
      if (existsSync(budget)) writeFileSync(budget, '20000');
      const pid = await box.started('echo up; exec sleep 100');
      await box.printed(/up/);
      box.equal(scheduling(pid), { policy: 2, nice: 0, priority: 5 }, 'scheduling, from outside');
    },
  },
  {
    section: LINUX,
    title: 'scheduler: a policy that does not exist is refused',
    since: '1.1',
    config: { '/process/scheduler': { policy: 'SCHED_NOTHING' } },
    refused: true,
  },
  {
    section: LINUX,
    title: 'scheduler: a real-time priority with SCHED_OTHER is refused',
    since: '1.1',
    config: { '/process/scheduler': { policy: 'SCHED_OTHER', priority: 5 } },
    refused: true,
  },
  {
    section: LINUX,
    title: 'scheduler: an unknown flag is refused',
    since: '1.1',
    config: { '/process/scheduler': { policy: 'SCHED_OTHER', flags: ['SCHED_FLAG_NOTHING'] } },
    refused: true,
  },
  ...[
    ['IOPRIO_CLASS_BE', 6, 'best-effort: prio 6'],
    ['IOPRIO_CLASS_RT', 2, 'realtime: prio 2'],
    ['IOPRIO_CLASS_IDLE', 0, /^idle/],
  ].map(([name, priority, prints]): Case => {
    return {
      section: LINUX,
      title: `ioPriority: ${String(name)}`,
      since: '1.1',
      config: { '/process/ioPriority': { class: name, priority } },
      script: 'ionice -p $$',
      prints: prints as string | RegExp,
    };
  }),
  {
    section: LINUX,
    title: 'ioPriority: a class that does not exist is refused',
    since: '1.1',
    config: { '/process/ioPriority': { class: 'IOPRIO_CLASS_NOTHING', priority: 0 } },
    refused: true,
  },
  {
    section: LINUX,
    title: 'ioPriority: a priority above 7 is refused',
    since: '1.1',
    config: { '/process/ioPriority': { class: 'IOPRIO_CLASS_BE', priority: 8 } },
    refused: true,
  },
];

function scheduled(
  what: string,
  value: object,
  policy: number,
  nice: number,
  priority: number,
): Case {
  return {
    section: LINUX,
    title: `scheduler: ${what}`,
    since: '1.1',
    config: { '/process/scheduler': value },
    steps: async (box) => {
      const pid = await box.started('echo up; exec sleep 100');
      await box.printed(/up/);
      box.equal(scheduling(pid), { policy, nice, priority }, 'scheduling, from outside');
    },
  };
}

const affinity: Case[] = [
  {
    section: LINUX,
    title: 'execCPUAffinity.final is the affinity of an exec',
    since: '1.2',
    needs: (host) => (host.cpus < 2 ? 'the host has one CPU' : undefined),
    config: { '/process/execCPUAffinity': { initial: '0', final: '1' } },
    steps: async (box) => {
      await box.started();
      const result = await box.exec('grep ^Cpus_allowed_list /proc/$$/status');
      box.equal(result.out.trim(), 'Cpus_allowed_list:\t1', 'affinity of the exec');
    },
  },
  {
    section: LINUX,
    title: 'execCPUAffinity leaves the init process alone',
    since: '1.2',
    needs: (host) => (host.cpus < 2 ? 'the host has one CPU' : undefined),
    config: { '/process/execCPUAffinity': { initial: '0', final: '0' } },
    steps: async (box) => {
      const pid = await box.started();
      const all = status('self', 'Cpus_allowed_list');
      box.equal(status(pid, 'Cpus_allowed_list'), all, 'affinity of init');
    },
  },
  {
    section: LINUX,
    title: "an exec's own execCPUAffinity goes before the config's",
    since: '1.2',
    needs: (host) => (host.cpus < 2 ? 'the host has one CPU' : undefined),
    config: { '/process/execCPUAffinity': { final: '0' } },
    steps: async (box) => {
      await box.started();
      const file = join(box.dir, 'process.json');
      const args = ['/bin/sh', '-c', 'grep ^Cpus_allowed_list /proc/$$/status'];
      const spec = { cwd: '/', args, user: { uid: 0, gid: 0 }, execCPUAffinity: { final: '1' } };
      writeFileSync(file, JSON.stringify(spec));
      const result = await box.call('exec', '--process', file, box.id);
      box.equal(result.out.trim(), 'Cpus_allowed_list:\t1', 'affinity of the exec');
    },
  },
  {
    section: LINUX,
    title: 'an execCPUAffinity that is no list of CPUs is refused',
    since: '1.2',
    config: { '/process/execCPUAffinity': { initial: 'a-b' } },
    refused: true,
  },
];

export const linuxProcessCases: Case[] = [
  ...capabilities,
  ...privileges,
  ...scheduler,
  ...affinity,
];
