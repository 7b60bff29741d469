/** Runs the learner's operations in a real process, which then waits to be looked at. */
import type { appendBoundingSet, appendCapabilities } from 'coracle/runtime';
import { settle, type Outcome } from '../../../../tests/grader/learner/settle.ts';

interface Learner {
  readonly appendBoundingSet: typeof appendBoundingSet;
  readonly appendCapabilities: typeof appendCapabilities;
}

export function become(
  learner: Learner,
  capabilities: Parameters<typeof appendCapabilities>[1],
): Outcome {
  return settle((program) => {
    learner.appendBoundingSet(program, capabilities);
    learner.appendCapabilities(program, capabilities);
  });
}
