/**
 * Golden files: the exact text that a person gets for wrong input, kept where it can be read.
 *
 * A test compares; it never writes. To accept new texts, run
 * `UPDATE_GOLDEN=1 pnpm exec vitest run --project unit tests/input`, and read the difference
 * before you commit it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';

/** Fails unless `golden/<name>` is exactly `text`. */
export function expectGolden(name: string, text: string): void {
  const file = path.join(import.meta.dirname, 'golden', name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
