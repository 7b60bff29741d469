/** Waiting for something outside to become true: asked again and again, up to a time limit. */
import { setTimeout as sleep } from 'node:timers/promises';
import { slowness } from '../../suites.ts';

/**
 * Resolves with the first answer of `ask` that is not `undefined` or `false`.
 * Rejects after `limit` milliseconds (of a machine at full speed), naming `what` was waited for and
 * the last error thrown.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  limit = 15_000,
): Promise<T> {
  const deadline = Date.now() + limit * slowness;
  let last: unknown;
  do {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await sleep(25);
  } while (Date.now() < deadline);
  throw new Error(`waited ${limit} ms in vain for ${what}`, { cause: last });
}
