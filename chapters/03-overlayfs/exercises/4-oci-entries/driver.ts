/** Gives the learner's function changes one by one, and tells what came. */
import type { Change, OciEntry } from 'coracle/overlayfs';

interface Learner {
  readonly ociEntries: (changes: Iterable<Change>) => Iterable<OciEntry>;
}

/** All entries. */
export function entries({ ociEntries }: Learner, changes: readonly Change[]): OciEntry[] {
  return [...ociEntries(changes)];
}

/** The code of what it throws, or the entries if it throws nothing. */
export function refusal(learner: Learner, changes: readonly Change[]): unknown {
  try {
    return entries(learner, changes);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'TODO') throw error;
    return { code };
  }
}

/** How many of a thousand changes it has taken when the first entry is there. */
export function takenForTheFirst({ ociEntries }: Learner): number {
  let taken = 0;
  const changes = function* (): Generator<Change> {
    for (taken = 1; taken <= 1000; taken += 1) yield { kind: 'add', path: `file${taken}` };
  };
  for (const _ of ociEntries(changes())) break;
  return Math.min(taken, 1000);
}
