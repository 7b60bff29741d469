/** Exercise 06.5: whether to try again, and when. */
import { PASSING_FAILURES, type Failure, type RetryPolicy } from '../transfer/types.ts';

// #region exercise-06-5
/**
 * How many milliseconds to wait before the next try, or `undefined` if there is none. Pure.
 *
 * There is one while fewer than `policy.tries` were made, and only after what may pass: the statuses
 * 408, 429 and 500 to 599 but for 501 and 505, which will not change; and a connection that failed
 * with one of PASSING_FAILURES.
 *
 * If 429 or 503 came with a `Retry-After` that {@link readRetryAfter} can read, the wait is that,
 * exactly; or, if that is longer than `policy.longestWait`, there is no next try. In all other cases
 * the whole wait is `policy.firstWait` after the first try, twice as much after each further one, and
 * never more than `policy.longestWait`. Of that, `chance.random` says how much is waited, from the half
 * to the whole, so that many clients do not all come back at the same moment. Fractions of a
 * millisecond may stay or be rounded.
 *
 * @param tries how many were made already, the failed one included.
 * @param chance `now` in milliseconds since 1970; `random` from 0 (the half) up to 1 (the whole).
 */
export function retryWait(
  failure: Failure,
  tries: number,
  policy: RetryPolicy,
  chance: { readonly now: number; readonly random: number },
): number | undefined {
  if (tries >= policy.tries || !mayPass(failure)) return undefined;
  if (failure.kind === 'status' && [429, 503].includes(failure.status)) {
    const asked = readRetryAfter(failure.retryAfter, chance.now);
    if (asked !== undefined) return asked <= policy.longestWait ? asked : undefined;
  }
  const whole = Math.min(policy.firstWait * 2 ** (tries - 1), policy.longestWait);
  return whole * (0.5 + chance.random / 2);
}

/**
 * Reads a `Retry-After`. Pure. RFC 9110, 10.2.3.
 *
 * It is either a number of seconds, which has digits only and perhaps spaces around it, or a date of
 * HTTP: `Thu, 01 Jan 2026 00:00:04 GMT`, or of older forms `Thursday, 01-Jan-26 00:00:04 GMT` and `Thu
 * Jan  1 00:00:04 2026`. Each begins with the name of a day (`Thu` or `Thursday`) and means GMT, whether
 * it says so or not. Date.parse reads such dates; it takes much else for a date too, and one without
 * GMT for the time of this machine.
 *
 * @param now milliseconds since 1970.
 * @returns milliseconds from `now` on, 0 for a date that is past; `undefined` for anything else.
 */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:[a-z]*day)?,? /.test(header)) return undefined;
  const date = Date.parse(header.endsWith(' GMT') ? header : `${header} GMT`);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function mayPass(failure: Failure): boolean {
  if (failure.kind === 'connection') return PASSING_FAILURES.includes(failure.code);
  const { status } = failure;
  if (status === 501 || status === 505) return false;
  return status === 408 || status === 429 || (status >= 500 && status < 600);
}
// #endregion exercise-06-5
