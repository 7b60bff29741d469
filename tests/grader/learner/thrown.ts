/**
 * What was thrown, as data: it goes from the learner's process to the grader, or onto a terminal.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CoracleError } from 'coracle/base';
import type { Thrown } from './protocol.ts';

/** @param placeIn what a line of a stack says of the learner's code, such as `plan.ts:12:7`. */
export function describeThrown(
  error: unknown,
  placeIn: (line: string) => string | undefined,
): Thrown {
  if (!(error instanceof Error)) {
    return { name: '', message: String(error), code: undefined, isOurs: false, at: [] };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const stack = error.stack?.split('\n') ?? [];
  const at = stack.flatMap((line) => placeIn(line) ?? []);
  const isOurs = error instanceof CoracleError;
  return { name: error.name, message: error.message, code, isOurs, at };
}

/** Places in one file; lib may have another of that name. */
export function placesIn(file: string): (line: string) => string | undefined {
  const beginnings = [`${pathToFileURL(file).href}:`, `${file}:`];
  return (line) => {
    const found = beginnings.find((each) => line.includes(each));
    if (found === undefined) return undefined;
    const place = line.slice(line.indexOf(found) + found.length).replace(/\)$/, '');
    return `${path.basename(file)}:${place}`;
  };
}
