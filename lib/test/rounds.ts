/**
 * How often a test repeats what is random, or tries point after point.
 *
 * On an emulated machine a round takes ten times as long, and the same rounds are done elsewhere.
 * There `CORACLE_SLOW=5` asks for a fifth of them. What is asserted of each stays the same.
 */

/** By how much there is to be less; 1 on a usual machine. */
export const slowness: number = readSlowness(process.env['CORACLE_SLOW'] ?? '1');

/** So many rounds, or fewer on a slow machine; never less than two. */
export function rounds(usual: number): number {
  return Math.max(2, Math.round(usual / slowness));
}

function readSlowness(text: string): number {
  const factor = Number(text);
  if (factor >= 1) return Math.round(factor);
  throw new Error(`CORACLE_SLOW must be a number of 1 or more, not ${text}`);
}
