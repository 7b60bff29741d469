import { describe, expect, it } from 'vitest';
import { goalsOf, WARM } from './report.ts';
import { summarize } from './statistics.ts';

describe('goalsOf', () => {
  const runs = {
    [WARM]: summarize([3]),
    'crun run': summarize([9]),
    'floor: busybox true': summarize([1]),
    'coracle-runtime run': summarize([34]),
    'runc run': summarize([20]),
  };

  it('compares medians, and says which goals are met', () => {
    const [warm, command] = goalsOf(runs);
    expect(warm).toMatchObject({ ratio: 3 / 9, atMost: 0.5, aim: 0.2, met: true });
    expect(command).toMatchObject({ ratio: 1.7, atMost: 1.6, met: false });
  });

  it('takes the start of a process off crun only', () => {
    expect(goalsOf(runs)[0]?.ratioBesidesStart).toBe(3 / 8);
    expect(goalsOf(runs)[1]).not.toHaveProperty('ratioBesidesStart');
  });

  it('calls a goal neither met nor missed when a runtime is not installed', () => {
    const { 'crun run': _, ...without } = runs;
    expect(goalsOf(without)[0]).toMatchObject({ ratio: undefined, met: undefined });
  });
});
