/** What a person reads of a failure: of long lists the end, since that is where it went wrong. */
import { expect, it } from 'vitest';
import type { CheckResult } from '../grade.ts';
import { loadChapter } from '../lessons.ts';
import { failureText } from './text.ts';

const [lesson] = (await loadChapter('01-namespaces')).lessons;
if (lesson === undefined) throw new Error('chapter 01 has no exercises');

/** The lines of "Done" after so many steps, the first `good` of them as expected. */
function done(count: number, good: number): string[] {
  const result: CheckResult = {
    check: lesson?.exercise.checks[0]?.id ?? '',
    needs: undefined,
    status: 'failed',
    steps: Array.from({ length: count }, (_, at) => `step ${at + 1}`),
    good,
    expected: '1',
    seen: '2',
    evidence: [],
    milliseconds: 1,
  };
  if (lesson === undefined) return [];
  const [text = ''] = failureText(lesson, result).split('\n  Expected');
  return text.split('\n').map((line) => line.replace(/^ +(?:Done +)?/, ''));
}

it('a few steps are shown, with a mark behind those that were as expected', () => {
  expect(done(3, 2)).toEqual(['step 1  ✓', 'step 2  ✓', 'step 3']);
  expect(done(12, 0)).toHaveLength(12);
});

it('of many steps those before the last are counted', () => {
  expect(done(30, 29)).toEqual([
    '(19 steps that were as expected)',
    ...Array.from({ length: 10 }, (_, at) => `step ${at + 20}  ✓`),
    'step 30',
  ]);
  expect(done(30, 5).slice(0, 2)).toEqual(['(19 steps before these)', 'step 20']);
});
