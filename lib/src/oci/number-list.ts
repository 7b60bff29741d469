/** Lists of CPUs or memory nodes, such as `0-3,7` (cpuset(7), "List format"). */

/** First and last number, both included. */
export type NumberRange = readonly [first: number, last: number];

/**
 * The ranges of a list, or `undefined` when it is not one. Spaces around the parts and empty parts
 * are fine, as they are for the kernel; an empty string is an empty list.
 */
export function parseNumberList(list: string): NumberRange[] | undefined {
  const ranges: NumberRange[] = [];
  for (const part of list.split(',')) {
    if (part.trim() === '') continue;
    const match = /^\s*([0-9]{1,9})(?:\s*-\s*([0-9]{1,9}))?\s*$/.exec(part);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || last < first) return undefined;
    ranges.push([first, last]);
  }
  return ranges;
}
