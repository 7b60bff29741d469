// Checks. Each names what was looked at; the first that does not hold ends the case with what was
// expected and what was seen.

import { Mismatch } from './case.ts';
import type { Result } from './command.ts';

export class Checks {
  equal(seen: unknown, expected: unknown, what: string): void {
    if (JSON.stringify(seen) !== JSON.stringify(expected)) {
      throw new Mismatch(what, show(expected), show(seen));
    }
  }

  differ(seen: unknown, other: unknown, what: string): void {
    if (seen === other) throw new Mismatch(what, `anything but ${show(other)}`, show(seen));
  }

  match(seen: string, pattern: RegExp, what: string): void {
    if (!pattern.test(seen)) throw new Mismatch(what, String(pattern), show(seen));
  }

  that(condition: boolean, what: string, seen: unknown): void {
    if (!condition) throw new Mismatch(what, 'to be so', show(seen));
  }

  succeeded(result: Result, what: string): void {
    if (result.code !== 0) {
      throw new Mismatch(what, 'exit code 0', `${result.code}: ${lastLine(result.err)}`);
    }
  }

  /** The command failed and said why. */
  failed(result: Result, what: string): void {
    if (result.code === 0) throw new Mismatch(what, 'an error', 'exit code 0');
    if (lastLine(result.err) === '') throw new Mismatch(what, 'an error message', 'silence');
  }
}

export function saying(result: Result): string {
  const said = lastLine(result.err);
  return said === '' ? '' : ` (stderr: ${said})`;
}

export function lastLine(text: string): string {
  return text.trim().split('\n').pop()?.slice(0, 300) ?? '';
}

export function show(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, 600);
}
