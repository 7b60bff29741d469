/**
 * The runs themselves: round after round, each contestant once a round, so that a busy moment of
 * the machine meets all of them. The order turns by one each round, so that none always follows
 * the same other.
 */
import type { Contestant } from './contestants.ts';

export interface Plan {
  readonly contestants: readonly Contestant[];
  /** Rounds that are not counted. */
  readonly warmUp: number;
  readonly rounds: number;
  /** Ends the runs between two contestants. */
  readonly signal: AbortSignal;
}

/**
 * Milliseconds of each counted run, by name.
 *
 * @throws what `signal` was aborted with.
 */
export async function measure(plan: Plan): Promise<Map<string, number[]>> {
  const times = new Map(plan.contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = -plan.warmUp; round < plan.rounds; round += 1) {
    for (const contestant of turned(plan.contestants, round + plan.warmUp)) {
      plan.signal.throwIfAborted();
      const milliseconds = await contestant.run();
      if (round >= 0) times.get(contestant.name)?.push(milliseconds);
    }
  }
  return times;
}

function turned<T>(list: readonly T[], by: number): T[] {
  const first = by % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}
