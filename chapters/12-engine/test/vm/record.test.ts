import { expect, it } from 'vitest';
import { updateRecord } from '../../workbook/vm/record.ts';
import type { Round } from '../../workbook/vm/test.ts';

const numbers = (passed: number) => ({ passed, failed: 0, skipped: 2 });

function round(kernel: string, suites: Record<string, number>, benchmark?: string): Round {
  const counted = Object.entries(suites).map(([name, passed]) => [name, numbers(passed)]);
  const report = {
    ...numbers(1),
    suites: Object.fromEntries(counted) as Round['report']['suites'],
  };
  return { kernel, accelerator: 'tcg', minutes: 1, report, benchmark };
}

const first = updateRecord(
  '',
  [
    round('6.12.95', { kernel: 800 }, 'runc 1.0\n'),
    round('6.1.0-56', { systemd: 49, kernel: 700 }),
  ],
  new Date('2026-11-28T01:00:00Z'),
);

it('the record says what ran when, on which kernel, what came, and how fast', () => {
  expect(first).toBe(
    `# What last ran in the machine

Each suite on each kernel, the last time that it ran there whole. This file is written by \`./workbook vm test --record\`.

| kernel | suite | tests | processor | on |
| --- | --- | --- | --- | --- |
| 6.1.0-56 | kernel | 700 passed, 0 failed, 2 skipped | tcg | 2026-11-28 |
| 6.1.0-56 | systemd | 49 passed, 0 failed, 2 skipped | tcg | 2026-11-28 |
| 6.12.95 | kernel | 800 passed, 0 failed, 2 skipped | tcg | 2026-11-28 |

## Benchmark on Linux 6.12.95, 2026-11-28

\`\`\`text
runc 1.0
\`\`\`
`,
  );
});

it('a later run replaces its own rows and its own benchmark, and keeps the others', () => {
  const rounds = [round('6.12.95', { kernel: 801 }, 'runc 1.1\n')];
  const second = updateRecord(first, rounds, new Date('2026-12-24T01:00:00Z'));
  expect(second).toBe(
    first
      .replace(
        '| 800 passed, 0 failed, 2 skipped | tcg | 2026-11-28',
        '| 801 passed, 0 failed, 2 skipped | tcg | 2026-12-24',
      )
      .replace('6.12.95, 2026-11-28', '6.12.95, 2026-12-24')
      .replace('runc 1.0', 'runc 1.1'),
  );
  expect(updateRecord(second, [], new Date())).toBe(second);
});
