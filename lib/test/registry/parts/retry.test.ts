import { expect, it } from 'vitest';
import { readRetryAfter, retryWait } from '#parts/registry/retry.ts';

const policy = { tries: 5, firstWait: 1000, longestWait: 6000 };
const now = Date.parse('2026-01-01T00:00:00Z');
const chance = { now, random: 1 };

it.each([
  [429, true],
  [408, true],
  [500, true],
  [502, true],
  [503, true],
  [599, true],
  [501, false],
  [505, false],
  [600, false],
  [200, false],
  [301, false],
  [401, false],
  [404, false],
])('after status %i there is another try: %s', (status, expected) => {
  expect(retryWait({ kind: 'status', status }, 1, policy, chance) !== undefined).toBe(expected);
});

it.each([
  ['ECONNRESET', true],
  ['EPIPE', true],
  ['STALLED', true],
  ['EAI_AGAIN', true],
  ['ECONNREFUSED', false],
  ['ENOTFOUND', false],
  ['CERT_HAS_EXPIRED', false],
])('after %s there is another try: %s', (code, expected) => {
  expect(retryWait({ kind: 'connection', code }, 1, policy, chance) !== undefined).toBe(expected);
});

it('waits twice as long each time, up to the longest wait, and ends', () => {
  const waits = [1, 2, 3, 4, 5, 6].map((tries) =>
    retryWait({ kind: 'status', status: 500 }, tries, policy, chance),
  );
  expect(waits).toEqual([1000, 2000, 4000, 6000, undefined, undefined]);
});

it('waits between the half and the whole', () => {
  const wait = (random: number) =>
    retryWait({ kind: 'connection', code: 'EPIPE' }, 2, policy, { now, random });
  expect([wait(0), wait(0.5), wait(1)]).toEqual([1000, 1500, 2000]);
});

it.each([
  [429, '3', 3000],
  [503, '3', 3000],
  [503, '0', 0],
  [429, '6', 6000],
  [429, '7', undefined],
  [503, 'Thu, 01 Jan 2026 00:00:04 GMT', 4000],
  [503, 'Wed, 31 Dec 2025 23:00:00 GMT', 0],
  [503, 'Fri, 02 Jan 2026 00:00:00 GMT', undefined],
  [500, '3', 1000],
  [429, 'soon', 1000],
  [429, '-3', 1000],
])('%i with Retry-After %s waits %s', (status, retryAfter, expected) => {
  expect(retryWait({ kind: 'status', status, retryAfter }, 1, policy, chance)).toBe(expected);
});

it.each([
  ['120', 120_000],
  [' 1 ', 1000],
  ['Thursday, 01-Jan-26 00:00:10 GMT', 10_000],
  ['Thu Jan  1 00:00:07 2026', 7000],
  ['Monkey 1 Jan 2026', undefined],
  ['1.5', undefined],
  ['', undefined],
  ['2026', 2_026_000],
  ['2026-01-01', undefined],
  [undefined, undefined],
])('Retry-After %s is %s ms', (header, expected) => {
  expect(readRetryAfter(header, now)).toBe(expected);
});
