/** Labels: names and values, as containerd limits them (pkg/labels). Pure. */
import { ImageError } from '../errors.ts';
import type { ContentLabels } from './types.ts';

/** Of a name and its value together, in UTF-8 bytes. */
const LONGEST = 4096;

/** @throws ImageError INVALID_ARGUMENT. */
export function checkLabels(labels: ContentLabels): void {
  for (const [name, value] of Object.entries(labels)) {
    if (name === '') throw new ImageError('INVALID_ARGUMENT', 'a label needs a name');
    const length = Buffer.byteLength(name) + Buffer.byteLength(value);
    if (length <= LONGEST) continue;
    throw new ImageError(
      'INVALID_ARGUMENT',
      `the label ${name.slice(0, 100)} has ${length} bytes with its value, and at most ${LONGEST} ` +
        'are allowed: shorten it',
    );
  }
}

/** The time of a change: RFC 3339, UTC, of one length, so that texts compare as times do. */
export function now(): string {
  return new Date().toISOString();
}
