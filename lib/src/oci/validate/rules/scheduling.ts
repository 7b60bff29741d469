/** What sched_setattr(2) would refuse with a bare EINVAL. */
import type { RuntimeConfig } from '../../config.ts';
import type { Scheduler } from '../../scheduling.ts';
import type { Report } from '../problem.ts';
import type { Rule } from './rule.ts';

export const schedulingRules: readonly Rule[] = [
  {
    reads: ['/process/scheduler'],
    check({ process }: RuntimeConfig, report: Report) {
      if (process?.scheduler === undefined) return;
      checkNice(process.scheduler, report);
      checkPriority(process.scheduler, report);
      checkDeadline(process.scheduler, report);
    },
  },
];

const AT = '/process/scheduler';

function checkNice({ policy, nice = 0 }: Scheduler, report: Report): void {
  if ((policy === 'SCHED_OTHER' || policy === 'SCHED_BATCH') && (nice < -20 || nice > 19)) {
    const next = 'Lower numbers get more time; 0 is the default.';
    report.error(`${AT}/nice`, nice, 'a whole number from -20 to 19', next);
  }
}

function checkPriority({ policy, priority = 0 }: Scheduler, report: Report): void {
  const realtime = policy === 'SCHED_FIFO' || policy === 'SCHED_RR';
  if (realtime && (priority < 1 || priority > 99)) {
    const next = 'Choose one; 99 is the highest.';
    report.error(`${AT}/priority`, priority, `from 1 to 99 with ${policy}`, next);
  }
  if (!realtime && priority !== 0) {
    const next = 'Remove it, or use SCHED_FIFO or SCHED_RR.';
    report.error(`${AT}/priority`, priority, `0 with ${policy}`, next);
  }
}

/** sched(7): runtime ≤ deadline ≤ period, and a period of 0 means the deadline. */
function checkDeadline(scheduler: Scheduler, report: Report): void {
  const { policy, runtime = 0, deadline = 0, period = 0 } = scheduler;
  if (policy !== 'SCHED_DEADLINE') {
    for (const field of ['runtime', 'deadline', 'period'] as const) {
      const value = scheduler[field] ?? 0;
      // Number: a bigint zero is no `0`.
      if (Number(value) === 0) continue;
      const next = 'Remove it, or use SCHED_DEADLINE.';
      report.error(`${AT}/${field}`, value, `0 with ${policy}`, next);
    }
    return;
  }
  if (runtime < 1024) {
    const next = 'Say how many nanoseconds it may run in each period.';
    report.error(`${AT}/runtime`, runtime, 'at least 1024 with SCHED_DEADLINE', next);
  }
  if (deadline < runtime) {
    report.error(`${AT}/deadline`, deadline, `at least the runtime, ${runtime}`, 'Raise it.');
  }
  if (Number(period) !== 0 && period < deadline) {
    const next = 'Raise it, or leave it out.';
    report.error(`${AT}/period`, period, `at least the deadline, ${deadline}`, next);
  }
}
