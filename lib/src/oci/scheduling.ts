/** CPU and I/O scheduling of a process (config.md, "Linux Process"; sched_setattr(2), ioprio_set(2)). */
import type { Int64 } from './integers.ts';

export const SCHEDULER_POLICIES = [
  'SCHED_OTHER',
  'SCHED_FIFO',
  'SCHED_RR',
  'SCHED_BATCH',
  'SCHED_ISO',
  'SCHED_IDLE',
  'SCHED_DEADLINE',
] as const;
export type SchedulerPolicy = (typeof SCHEDULER_POLICIES)[number];

export const SCHEDULER_FLAGS = [
  'SCHED_FLAG_RESET_ON_FORK',
  'SCHED_FLAG_RECLAIM',
  'SCHED_FLAG_DL_OVERRUN',
  'SCHED_FLAG_KEEP_POLICY',
  'SCHED_FLAG_KEEP_PARAMS',
  'SCHED_FLAG_UTIL_CLAMP_MIN',
  'SCHED_FLAG_UTIL_CLAMP_MAX',
] as const;
export type SchedulerFlag = (typeof SCHEDULER_FLAGS)[number];

/** The arguments of sched_setattr(2); what is missing is 0. */
export interface Scheduler {
  policy: SchedulerPolicy;
  /** -20 to 19. */
  nice?: number;
  /** 1 to 99 for SCHED_FIFO and SCHED_RR, else 0. */
  priority?: number;
  flags?: SchedulerFlag[];
  /** Nanoseconds; SCHED_DEADLINE only, as are the next two. */
  runtime?: Int64;
  deadline?: Int64;
  period?: Int64;
}

export const IO_PRIORITY_CLASSES = [
  'IOPRIO_CLASS_RT',
  'IOPRIO_CLASS_BE',
  'IOPRIO_CLASS_IDLE',
] as const;
export type IOPriorityClass = (typeof IO_PRIORITY_CLASSES)[number];

/** The argument of ioprio_set(2). */
export interface IOPriority {
  class: IOPriorityClass;
  /** 0, the highest, to 7; 0 when missing. */
  priority?: number;
}
