/** The process, its user, limits and scheduling. */
import type { WrongConfig } from '../wrong-config.ts';

export const processes: readonly WrongConfig[] = [
  { wrong: 'no working directory', drop: ['/process/cwd'] },
  { wrong: 'a relative working directory', set: { '/process/cwd': 'tmp' } },
  { wrong: 'no program', drop: ['/process/args'] },
  { wrong: 'an empty list of arguments', set: { '/process/args': [] } },
  { wrong: 'arguments as one string', set: { '/process/args': 'sh -c true' } },
  { wrong: 'an environment variable without a value', set: { '/process/env': ['PATH'] } },
  { wrong: 'a user in quotes', set: { '/process/user/uid': '1000' } },
  { wrong: 'a user name', set: { '/process/user/uid': 'root' } },
  { wrong: 'a negative user', set: { '/process/user/uid': -1 } },
  { wrong: 'the group that means none', set: { '/process/user/additionalGids': [4294967295] } },
  { wrong: 'a limit with a typing error', set: { '/process/rlimits/0/type': 'RLIMIT_NOFLIE' } },
  { wrong: 'a limit above its ceiling', set: { '/process/rlimits/0/soft': 4096 } },
  { wrong: 'a limit beyond 64 bits', set: { '/process/rlimits/0/hard': 2n ** 64n } },
  {
    wrong: 'the same limit twice',
    set: { '/process/rlimits/1': { type: 'RLIMIT_NOFILE', soft: 1, hard: 1 } },
  },
  { wrong: 'an OOM score out of range', set: { '/process/oomScoreAdj': -2000 } },
  { wrong: 'an unknown policy', set: { '/process/scheduler': { policy: 'SCHED_FIRST' } } },
  {
    wrong: 'real time without a priority',
    set: { '/process/scheduler': { policy: 'SCHED_FIFO' } },
  },
  {
    wrong: 'a priority without real time',
    set: { '/process/scheduler': { policy: 'SCHED_OTHER', priority: 5, nice: 20 } },
  },
  {
    wrong: 'a deadline of another policy',
    set: { '/process/scheduler': { policy: 'SCHED_BATCH', deadline: 5000 } },
  },
  {
    wrong: 'a deadline that comes too early',
    set: {
      '/process/scheduler': {
        policy: 'SCHED_DEADLINE',
        runtime: 5000,
        deadline: 4000,
        period: 3000,
      },
    },
  },
  {
    wrong: 'a deadline without a runtime',
    set: { '/process/scheduler': { policy: 'SCHED_DEADLINE', deadline: 5000 } },
  },
  { wrong: 'an I/O class in short', set: { '/process/ioPriority': { class: 'BE', priority: 8 } } },
  { wrong: 'a CPU list backwards', set: { '/process/execCPUAffinity': { initial: '3-0' } } },
  { wrong: 'a console without a width', set: { '/process/consoleSize': { height: 25 } } },
];
