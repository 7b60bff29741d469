import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import type { Target } from './targets.ts';

/** An input that did what none may, and how to have it again. */
class Finding extends Error {
  constructor(target: Target, seed: number, input: Buffer, cause: unknown) {
    const shown = input.length > 2000 ? `${input.length} bytes` : input.toString('base64');
    const how = `node tests/fuzz/run.ts --target "${target.name}" --seed ${seed} --count 1`;
    super(`${target.name}, ${how}: ${String(cause)}\ninput: ${shown}`, { cause });
  }
}

/**
 * Damages seeds and feeds them to a target until `stop` says so.
 *
 * @param seed of the first input; the next has the next.
 * @returns how many inputs were tried.
 * @throws Finding for the first one that did what none may.
 */
export async function fuzz(
  target: Target,
  seed: number,
  stop: (count: number) => boolean,
): Promise<number> {
  let count = 0;
  for (; !stop(count); count++) {
    const random = new Random(seed + count);
    const input = mutate(random.pick(target.seeds), target.seeds, random);
    try {
      await target.run(input, random);
    } catch (error) {
      throw new Finding(target, seed + count, input, error);
    }
  }
  return count;
}
