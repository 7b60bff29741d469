import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const EXPONENT = '(log * log + 125 * log) / 612 - 7 / 34';
const WEIGHT = `Math.ceil(10 ** (${EXPONENT}))`;
const AMOUNT = "Number(quota ?? 0) > 0 ? String(quota) : 'max'";
const NOTHING =
  '  if (asked(quota) === undefined && asked(period) === undefined) return undefined;\n';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'forgets-what-is-below-the-lower-end',
    change: [['  if (shares <= 2) return 1;\n', '']],
    killedBy: 'ends',
  },
  {
    name: 'lets-more-shares-weigh-more',
    change: [['  if (shares >= 262_144) return 10_000;\n', '']],
    killedBy: 'ends',
  },
  {
    name: 'draws-a-straight-line',
    change: [[WEIGHT, 'Math.ceil(1 + ((shares - 2) * 9999) / 262_142 + 0 * log)']],
    killedBy: 'middle',
  },
  {
    name: 'writes-the-fractions-as-decimals',
    change: [[EXPONENT, '0.001634 * log * log + 0.20425 * log - 0.20588']],
    killedBy: 'middle',
  },
  {
    name: 'takes-the-natural-logarithm',
    change: [['Math.log2(shares)', 'Math.log(shares)']],
    killedBy: 'middle',
  },
  {
    name: 'joins-the-points-by-lines',
    change: [[EXPONENT, 'log < 10 ? ((log - 1) * 2) / 9 : 2 + (log - 10) / 4']],
    killedBy: 'curve',
  },
  { name: 'rounds-down', change: [['Math.ceil(', 'Math.floor(']], killedBy: 'curve' },
  { name: 'rounds-to-the-nearest', change: [['Math.ceil(', 'Math.round(']], killedBy: 'curve' },
  {
    name: 'puts-the-period-first',
    change: [
      ['`${amount} ${asked(period) ?? 100_000}`', '`${asked(period) ?? 100_000} ${amount}`'],
    ],
    killedBy: 'quota-and-period',
  },
  {
    name: 'keeps-minus-one',
    change: [[AMOUNT, "String(asked(quota) ?? 'max')"]],
    killedBy: 'no-limit',
  },
  {
    name: 'writes-nothing-without-a-quota',
    change: [
      ['asked(quota) === undefined && asked(period) === undefined', 'asked(quota) === undefined'],
    ],
    killedBy: 'no-limit',
  },
  {
    name: 'takes-a-quota-of-zero-for-a-limit',
    change: [[AMOUNT, "Number(quota ?? -1) >= 0 ? String(quota) : 'max'"]],
    killedBy: 'no-limit',
  },
  {
    name: 'takes-a-period-of-zero',
    change: [['asked(period) ?? 100_000', 'period ?? 100_000']],
    killedBy: 'usual-period',
  },
  {
    name: 'counts-the-usual-period-in-milliseconds',
    change: [['asked(period) ?? 100_000', 'asked(period) ?? 100']],
    killedBy: 'usual-period',
  },
  {
    name: 'lifts-a-limit-that-nobody-spoke-of',
    change: [[NOTHING, '']],
    killedBy: 'nothing-asked',
  },
  {
    name: 'takes-a-zero-for-a-wish',
    change: [
      [
        'asked(quota) === undefined && asked(period) === undefined',
        'quota === undefined && period === undefined',
      ],
    ],
    killedBy: 'nothing-asked',
  },
  {
    name: 'makes-a-number-of-it',
    change: [['? String(quota)', '? String(Number(quota))']],
    killedBy: 'big',
  },
];
