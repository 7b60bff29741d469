/** Exercise 06.6: going on with a body where it stopped. */
import type { RangeResponse, RangeStep } from '../transfer/types.ts';

// #region exercise-06-6
/**
 * What to do with the response to a request for the bytes from `offset` on (`Range: bytes=OFFSET-`;
 * no such header if `offset` is 0). Pure. RFC 9110, 14 and 15.5.17.
 *
 * - 206 has a part, and says which: `Content-Range: bytes FIRST-LAST/SIZE`, with `*` for a SIZE that the
 *   server does not know, and `bytes` of any case. `append` if FIRST is `offset`. But `refuse` if it
 *   begins elsewhere, if LAST is before FIRST, if LAST is not before the size (SIZE, or `total` where that is `*`), if SIZE is not
 *   `total`, or if the header is missing or anything else.
 * - 200 has the whole, since a server need not know ranges. `append` if `offset` is 0; otherwise
 *   `restart` with its body. But `refuse` if it has a Content-Length that is not `total`.
 * - 416 says that there is nothing from `offset` on. Its `Content-Range` has a `*` in place of
 *   FIRST-LAST, and after the slash SIZE, how many bytes there are. `complete` if `offset` is `total`, or
 *   where `total` is not known, is SIZE. Otherwise `restart` without a body. But always `refuse` if
 *   `offset` is 0: to ask for everything again would never end.
 * - Any other status: `refuse`.
 *
 * What is compared with `total` is compared only if `total` is known. A `reason` is a few words.
 *
 * @param offset bytes that are there.
 * @param total how many there will be in all, if that is known.
 */
export function planBody(
  offset: number,
  total: number | undefined,
  { status, contentRange, contentLength }: RangeResponse,
): RangeStep {
  if (status === 206) return planPart(offset, total, contentRange);
  if (status === 200) {
    if (total !== undefined && contentLength !== undefined && Number(contentLength) !== total) {
      return refuse(`it has ${contentLength} bytes and should have ${total}`);
    }
    return offset === 0 ? { action: 'append' } : { action: 'restart', body: true };
  }
  if (status !== 416) return refuse(`the status is ${status}`);
  const size = /^bytes \*\/(\d+)$/i.exec(contentRange ?? '')?.[1];
  const complete = total ?? (size === undefined ? undefined : Number(size));
  if (offset > 0 && offset === complete) return { action: 'complete' };
  return offset > 0
    ? { action: 'restart', body: false }
    : refuse('it has no bytes from the first one on');
}

function planPart(offset: number, total: number | undefined, range: string | undefined): RangeStep {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(range ?? '');
  if (match === null) return refuse(`it is a part, of which is said only: ${range ?? 'nothing'}`);
  const [first = 0, last = 0] = match.slice(1, 3).map(Number);
  const size = match[3] === '*' ? (total ?? Infinity) : Number(match[3]);
  if (first !== offset) return refuse(`it begins at ${first}, not at ${offset}`);
  if (last < first || last >= size) return refuse(`it ends at ${last} of ${size}`);
  if (total !== undefined && size !== total) return refuse(`it is of ${size} bytes, not ${total}`);
  return { action: 'append' };
}

function refuse(reason: string): RangeStep {
  return { action: 'refuse', reason };
}
// #endregion exercise-06-6
