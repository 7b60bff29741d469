// config.md, process.scheduler and process.ioPriority.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { v1 } from '../../harness/host.ts';
import { cgroupFolder } from '../../harness/observe.ts';

const LINUX = 'config.md#configLinuxProcess';

/** Policy, nice and static priority of a process, from outside (proc_pid_stat(5), fields 41, 19, 40). */
function scheduling(pid: number): { policy: number; nice: number; priority: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { policy: Number(fields[38]), nice: Number(fields[16]), priority: Number(fields[37]) };
}

export const schedulerCases: Case[] = [
  scheduled('SCHED_OTHER with nice', { policy: 'SCHED_OTHER', nice: 7 }, 0, 7, 0),
  scheduled('SCHED_BATCH with nice', { policy: 'SCHED_BATCH', nice: 3 }, 3, 3, 0),
  scheduled('SCHED_IDLE', { policy: 'SCHED_IDLE' }, 5, undefined, 0),
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
      const { policy, priority } = scheduling(pid);
      box.equal([policy, priority], [2, 5], 'policy and static priority');
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
  nice: number | undefined,
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
      const seen = scheduling(pid);
      box.equal([seen.policy, seen.priority], [policy, priority], 'policy and static priority');
      // Only SCHED_OTHER and SCHED_BATCH have a nice value of their own.
      if (nice !== undefined) box.equal(seen.nice, nice, 'nice');
    },
  };
}
