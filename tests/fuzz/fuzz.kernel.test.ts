/** A minute of fuzzing: always the same inputs, so that a failure is not luck. */
import { mkdtempSync, rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { rounds } from '../../lib/test/rounds.ts';
import { fuzz } from './fuzz.ts';
import { archives, challenges, documents, references, type Target } from './targets.ts';

const scratch = mkdtempSync('/tmp/coracle-fuzz-');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('damaged inputs are refused, and do nothing else', () => {
  it.each<[Target, number]>([
    [archives(scratch), 4000],
    [documents, 100_000],
    [references, 200_000],
    [challenges, 200_000],
  ])('$name', { timeout: 300_000 }, async (target, usual) => {
    const inputs = rounds(usual);
    expect(await fuzz(target, 1, (count) => count >= inputs)).toBe(inputs);
  });
});

it('a target that fails is found, with what is needed to see it again', async () => {
  const weak: Target = {
    name: 'weak',
    seeds: [Buffer.from('seed')],
    run(input) {
      if (input.includes('..')) throw new TypeError('fell over');
    },
  };
  await expect(fuzz(weak, 1, () => false)).rejects.toThrow(/--seed \d+ --count 1: TypeError: fell/);
});
