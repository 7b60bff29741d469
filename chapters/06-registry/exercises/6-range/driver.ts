/** Calls the learner's function, and leaves away the words of a reason, which are the learner's own. */
import type { planBody } from 'coracle/registry';

interface Learner {
  readonly planBody: typeof planBody;
}

interface Input {
  readonly offset: number;
  readonly total: number | undefined;
  readonly response: Parameters<typeof planBody>[2];
}

export function plan({ planBody: decide }: Learner, { offset, total, response }: Input): unknown {
  const step = decide(offset, total, response);
  return step.action === 'refuse' ? { action: step.action } : step;
}
