import { expect, it } from 'vitest';
import { recordText } from '../../workbook/vm/record.ts';

it('the record says when, on which kernels, what came, and how fast', () => {
  const counts = { passed: 10, failed: 1, skipped: 2 };
  const round = { accelerator: 'tcg', counts, minutes: 12.5 } as const;
  const rounds = [
    { ...round, kernel: '6.1.0-56', benchmark: 'runc 1.0\n' },
    { ...round, kernel: '6.12.95', benchmark: undefined },
  ];
  expect(recordText(rounds, 'kernel,systemd', new Date('2026-11-28T01:00:00Z'))).toBe(
    `# The last run of everything in the machine

\`./workbook vm test --all\` on 2026-11-28; suites: kernel, systemd. This file is written by that command.

| kernel | processor | minutes | tests |
| --- | --- | --- | --- |
| 6.1.0-56 | tcg | 12.5 | 10 passed, 1 failed, 2 skipped |
| 6.12.95 | tcg | 12.5 | 10 passed, 1 failed, 2 skipped |

## Benchmark, Linux 6.1.0-56

\`\`\`text
runc 1.0
\`\`\`
`,
  );
});
