import { expect, it } from 'vitest';
import { planBody } from '#parts/registry/range.ts';

const plan = (
  offset: number,
  total: number | undefined,
  status: number,
  range?: string,
  length?: string,
) => planBody(offset, total, { status, contentRange: range, contentLength: length });

it.each([
  [0, 10, 200, undefined, '10', { action: 'append' }],
  [0, 10, 200, undefined, undefined, { action: 'append' }],
  [0, undefined, 200, undefined, '7', { action: 'append' }],
  [4, 10, 200, undefined, '10', { action: 'restart', body: true }],
  [4, 10, 206, 'bytes 4-9/10', '6', { action: 'append' }],
  [4, 10, 206, 'bytes 4-7/10', '4', { action: 'append' }],
  [4, 10, 206, 'bytes 4-9/*', undefined, { action: 'append' }],
  [4, undefined, 206, 'bytes 4-9/10', undefined, { action: 'append' }],
  [0, 10, 206, 'bytes 0-9/10', undefined, { action: 'append' }],
  [10, 10, 416, 'bytes */10', undefined, { action: 'complete' }],
  [10, 10, 416, undefined, undefined, { action: 'complete' }],
  [10, undefined, 416, 'bytes */10', undefined, { action: 'complete' }],
  [4, 10, 416, 'bytes */10', undefined, { action: 'restart', body: false }],
  [4, undefined, 416, undefined, undefined, { action: 'restart', body: false }],
  [4, undefined, 416, 'bytes */3', undefined, { action: 'restart', body: false }],
])('at %s of %s, %s with %s (%s bytes)', (offset, total, status, range, length, expected) => {
  expect(plan(offset, total, status, range, length)).toEqual(expected);
});

it.each([
  [0, 10, 200, undefined, '11', 'should have 10'],
  [4, 10, 200, undefined, '9', 'should have 10'],
  [4, 10, 206, 'bytes 3-9/10', undefined, 'begins at 3'],
  [4, 10, 206, 'bytes 0-9/10', undefined, 'begins at 0'],
  [4, 10, 206, 'bytes 4-10/10', undefined, 'ends at 10'],
  [4, 10, 206, 'bytes 4-3/10', undefined, 'ends at 3'],
  [4, 10, 206, 'bytes 4-9/11', undefined, 'of 11 bytes'],
  [4, 10, 206, 'bytes 4-10/*', undefined, 'ends at 10'],
  [4, 10, 206, 'bytes */10', undefined, 'said only'],
  [4, 10, 206, undefined, undefined, 'said only'],
  [4, 10, 206, 'items 4-9/10', undefined, 'said only'],
  [0, 10, 416, 'bytes */0', undefined, 'from the first'],
  [0, 0, 416, 'bytes */0', undefined, 'from the first'],
  [4, 10, 204, undefined, undefined, '204'],
  [4, 10, 404, undefined, undefined, '404'],
])('at %s of %s, %s with %s (%s bytes) is refused', (offset, total, status, range, length, why) => {
  expect(plan(offset, total, status, range, length)).toEqual({
    action: 'refuse',
    reason: expect.stringContaining(why) as string,
  });
});
