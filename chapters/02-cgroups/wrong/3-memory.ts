import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const DIFFERENCE = 'String(BigInt(memory.swap ?? 0) - BigInt(memory.limit ?? 0))';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'takes-the-reservation-for-the-wall',
    change: [
      ['max: orMax(asked(memory.limit))', 'max: orMax(asked(memory.reservation))'],
      ['low: orMax(asked(memory.reservation))', 'low: orMax(asked(memory.limit))'],
    ],
    killedBy: 'limit',
  },
  {
    name: 'allows-all-swap-to-who-only-limits-memory',
    change: [["limit === -1 ? 'max' : undefined", "'max'"]],
    killedBy: 'limit',
  },
  {
    name: 'allows-no-swap-to-who-only-limits-memory',
    change: [["limit === -1 ? 'max' : undefined", "limit > 0 ? '0' : undefined"]],
    killedBy: 'limit',
  },
  {
    name: 'writes-a-zero-that-nobody-asked-for',
    change: [['orMax(asked(memory.limit))', 'orMax(memory.limit)']],
    killedBy: 'not-asked',
  },
  {
    name: 'keeps-minus-one',
    change: [["Number(value) === -1 ? 'max' : String(value)", 'String(value)']],
    killedBy: 'no-limit',
  },
  {
    name: 'lifts-only-the-limit',
    change: [
      ['low: orMax(asked(memory.reservation))', 'low: asked(memory.reservation)?.toString()'],
    ],
    killedBy: 'no-limit',
  },
  {
    name: 'counts-swap-with-memory',
    change: [[DIFFERENCE, 'String(memory.swap)']],
    killedBy: 'difference',
  },
  {
    name: 'takes-no-swap-for-no-wish',
    change: [
      [
        DIFFERENCE,
        `BigInt(memory.swap ?? 0) === BigInt(memory.limit ?? 0) ? undefined : ${DIFFERENCE}`,
      ],
    ],
    killedBy: 'difference',
  },
  {
    name: 'subtracts-from-no-limit',
    change: [["  if (swap === -1) return 'max';\n", '']],
    killedBy: 'swap-unlimited',
  },
  {
    name: 'wants-a-memory-limit-even-for-no-limit',
    change: [
      ["  if (swap === -1) return 'max';\n", ''],
      [
        '  if (limit === 0) throw needsMemoryLimit(memory);\n',
        "  if (limit === 0) throw needsMemoryLimit(memory);\n  if (swap === -1) return 'max';\n",
      ],
    ],
    killedBy: 'swap-unlimited',
  },
  {
    name: 'leaves-the-swap-of-a-lifted-limit',
    change: [["limit === -1 ? 'max' : undefined", 'undefined']],
    killedBy: 'limit-lifted',
  },
  {
    name: 'subtracts-minus-one',
    change: [['  if (limit === -1) return String(memory.swap);\n', '']],
    killedBy: 'limit-lifted',
  },
  {
    name: 'subtracts-from-a-limit-that-is-not-there',
    change: [['  if (limit === 0) throw needsMemoryLimit(memory);\n', '']],
    killedBy: 'needs-limit',
  },
  {
    name: 'looks-for-a-missing-limit-only',
    change: [['if (limit === 0) throw', 'if (memory.limit === undefined) throw']],
    killedBy: 'needs-limit',
  },
  {
    name: 'throws-an-error-of-its-own',
    change: [['throw needsMemoryLimit(memory)', "throw new RangeError('swap without limit')"]],
    killedBy: 'needs-limit',
  },
  {
    name: 'subtracts-numbers',
    change: [[DIFFERENCE, 'String(swap - limit)']],
    killedBy: 'exact',
  },
  {
    name: 'trusts-that-both-are-of-one-kind',
    change: [[DIFFERENCE, 'String((memory.swap as number) - (memory.limit as number))']],
    killedBy: 'exact',
  },
];
