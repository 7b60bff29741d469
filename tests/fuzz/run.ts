/**
 * Fuzzes by hand: `node tests/fuzz/run.ts [--seconds 3600] [--seed N] [--target NAME] [--count N]`.
 * Archives need root.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { archives, challenges, documents, references } from './targets.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3600' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    target: { type: 'string' },
    count: { type: 'string', default: 'Infinity' },
  },
});
const scratch = mkdtempSync('/tmp/coracle-fuzz-');
try {
  const all = [archives(scratch), documents, references, challenges];
  const chosen = all.filter(({ name }) => values.target === undefined || name === values.target);
  const share = (Number(values.seconds) * 1000) / chosen.length;
  for (const target of chosen) {
    const end = performance.now() + share;
    const stop = (count: number): boolean =>
      count >= Number(values.count) || (count > 0 && performance.now() > end);
    const count = await fuzz(target, Number(values.seed), stop);
    process.stdout.write(
      `${target.name}: ${count} inputs from seed ${values.seed}, nothing found\n`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
