/** Calls the learner's functions with addresses, which cannot be sent. */
import type { locationFrom, maySendCredentials } from 'coracle/registry';

interface Learner {
  readonly maySendCredentials: typeof maySendCredentials;
  readonly locationFrom: typeof locationFrom;
}

export function maySend(
  { maySendCredentials: may }: Learner,
  { target, registry }: { target: string; registry: string },
): boolean {
  return may(new URL(target), new URL(registry));
}

export function location(
  { locationFrom: leads }: Learner,
  input: { location: string | undefined; from: string },
): string {
  return leads(input.location, new URL(input.from)).href;
}
