/** Takes leftovers away, one after the other, and says what it did. */
import { messageOf } from 'coracle/base';
import type { Leftover } from './leftover.ts';

/**
 * Removes every leftover that nothing keeps. One that cannot be removed does not stop the others.
 *
 * @param say hears of each, in a line.
 * @returns those that are still there.
 */
export function repair(leftovers: readonly Leftover[], say: (line: string) => void): Leftover[] {
  const still: Leftover[] = [];
  for (const leftover of leftovers) {
    const { kind, name, kept, remove } = leftover;
    if (kept !== undefined || remove === undefined) {
      say(`left alone: ${kind} ${name}: ${kept ?? ''}`);
      still.push(leftover);
      continue;
    }
    try {
      remove();
      say(`removed: ${kind} ${name}`);
    } catch (error) {
      const why = messageOf(error);
      say(`could not remove: ${kind} ${name}: ${why}`);
      still.push({ ...leftover, kept: why });
    }
  }
  return still;
}
