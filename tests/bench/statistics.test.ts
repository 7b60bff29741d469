import { describe, expect, it } from 'vitest';
import { summarize } from './statistics.ts';

describe('summarize', () => {
  it('orders times as numbers, and lets one slow run move nothing', () => {
    expect(summarize([10, 9, 11, 8, 2000])).toEqual({
      count: 5,
      min: 8,
      lowerQuartile: 9,
      median: 10,
      upperQuartile: 11,
    });
  });

  it('takes the middle between two neighbours', () => {
    expect(summarize([1, 2]).median).toBe(1.5);
  });

  it('refuses an empty list', () => {
    expect(() => summarize([])).toThrow(RangeError);
  });
});
