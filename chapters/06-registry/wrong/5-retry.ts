import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const WISH = "if (failure.kind === 'status' && [429, 503].includes(failure.status)) {";
const WHOLE = 'Math.min(policy.firstWait * 2 ** (tries - 1), policy.longestWait)';
const SECONDS = 'if (/^\\d+$/.test(header.trim())) return Number(header) * 1000;';
const DAY = '(!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:[a-z]*day)?,? /.test(header))';
const DATE = "Date.parse(header.endsWith(' GMT') ? header : `${header} GMT`)";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'tries-again-after-503-only',
    change: [['(status >= 500 && status < 600)', 'status === 503']],
    killedBy: 'may-pass',
  },
  {
    name: 'forgets-the-timeout',
    change: [['status === 408 || ', '']],
    killedBy: 'may-pass',
  },
  {
    name: 'tries-everything-from-400-on-again',
    change: [['(status >= 500 && status < 600)', 'status >= 400']],
    killedBy: 'will-not-change',
  },
  {
    name: 'tries-again-what-cannot-be-done',
    change: [['  if (status === 501 || status === 505) return false;\n', '']],
    killedBy: 'will-not-change',
  },
  {
    name: 'has-no-end-of-5xx',
    change: [['(status >= 500 && status < 600)', 'status >= 500']],
    killedBy: 'will-not-change',
  },
  {
    name: 'tries-every-connection-again',
    change: [['PASSING_FAILURES.includes(failure.code)', 'true']],
    killedBy: 'connection',
  },
  {
    name: 'gives-up-when-a-connection-fails',
    change: [['PASSING_FAILURES.includes(failure.code)', 'false']],
    killedBy: 'connection',
  },
  {
    name: 'doubles-before-the-first',
    change: [['2 ** (tries - 1)', '2 ** tries']],
    killedBy: 'connection',
  },
  {
    name: 'waits-longer-by-the-same',
    change: [['policy.firstWait * 2 ** (tries - 1)', 'policy.firstWait * tries']],
    killedBy: 'doubled',
  },
  {
    name: 'doubles-without-an-end',
    change: [[WHOLE, 'policy.firstWait * 2 ** (tries - 1)']],
    killedBy: 'longest',
  },
  {
    name: 'limits-after-the-chance',
    change: [
      [WHOLE, 'policy.firstWait * 2 ** (tries - 1)'],
      [
        'return whole * (0.5 + chance.random / 2);',
        'return Math.min(whole * (0.5 + chance.random / 2), policy.longestWait);',
      ],
    ],
    killedBy: 'longest',
  },
  {
    name: 'tries-once-too-often',
    change: [['tries >= policy.tries', 'tries > policy.tries']],
    killedBy: 'last-try',
  },
  {
    name: 'lets-the-server-ask-for-more-tries',
    change: [
      [
        'if (tries >= policy.tries || !mayPass(failure)) return undefined;',
        'if (!mayPass(failure)) return undefined;',
      ],
      ['  const whole =', '  if (tries >= policy.tries) return undefined;\n  const whole ='],
    ],
    killedBy: 'last-try',
  },
  {
    name: 'waits-from-nothing-to-the-whole',
    change: [['whole * (0.5 + chance.random / 2)', 'whole * chance.random']],
    killedBy: 'longest',
  },
  {
    name: 'leaves-nothing-to-chance',
    change: [['whole * (0.5 + chance.random / 2)', '(chance.random === 0 ? whole / 2 : whole)']],
    killedBy: 'chance',
  },
  {
    name: 'does-not-listen',
    change: [[WISH, "if (failure.kind === 'status' && failure.status === 999) {"]],
    killedBy: 'asked-for',
  },
  {
    name: 'takes-0-for-no-wish',
    change: [['if (asked !== undefined) return asked <=', 'if (asked) return asked <=']],
    killedBy: 'asked-for',
  },
  {
    name: 'listens-to-every-status',
    change: [[WISH, "if (failure.kind === 'status') {"]],
    killedBy: 'only-two',
  },
  {
    name: 'waits-less-than-it-was-asked',
    change: [
      [
        'return asked <= policy.longestWait ? asked : undefined;',
        'return Math.min(asked, policy.longestWait);',
      ],
    ],
    killedBy: 'asks-too-much',
  },
  {
    name: 'gives-up-at-the-limit',
    change: [['asked <= policy.longestWait', 'asked < policy.longestWait']],
    killedBy: 'asks-too-much',
  },
  {
    name: 'takes-seconds-for-a-date',
    change: [
      [
        SECONDS,
        `const early = Date.parse(header);\n  if (!Number.isNaN(early)) return Math.max(0, early - now);\n  ${SECONDS}`,
      ],
    ],
    killedBy: 'asked-for',
  },
  {
    name: 'does-not-take-spaces-off',
    change: [['header.trim()', 'header']],
    killedBy: 'seconds',
  },
  {
    name: 'gives-the-date-itself',
    change: [['date - now', 'date']],
    killedBy: 'date',
  },
  {
    name: 'knows-short-names-of-days-only',
    change: [['(?:[a-z]*day)?,? ', ',? ']],
    killedBy: 'date',
  },
  {
    name: 'waits-a-negative-time',
    change: [['Math.max(0, date - now)', 'date - now']],
    killedBy: 'past',
  },
  {
    name: 'takes-everything-for-a-number',
    change: [[SECONDS, 'if (!Number.isNaN(Number(header))) return Number(header) * 1000;']],
    killedBy: 'neither',
  },
  {
    name: 'takes-everything-for-a-date',
    change: [[DAY, "(header === '')"]],
    killedBy: 'neither',
  },
  {
    name: 'reads-a-date-by-the-clock-of-here',
    change: [[DATE, 'Date.parse(header)']],
    killedBy: 'date',
  },
];
