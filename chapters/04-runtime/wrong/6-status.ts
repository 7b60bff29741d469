import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const ALIVE =
  "return process.startTime === init.startTime && process.state !== 'Z' && process.state !== 'X';";
const FROZEN = "  if (observed.isFrozen()) return 'paused';\n";
const INCOMPLETE = "  if (!record.complete) return 'creating';\n";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'counts-the-fields-from-one',
    change: [['fields[19]', 'fields[20]']],
    killedBy: 'plain-stat',
    seenByKernel: 'a-real-process',
  },
  {
    name: 'splits-the-whole-line',
    change: [
      ["stat.slice(stat.lastIndexOf(')') + 2).split(' ')", "stat.split(' ')"],
      ['fields[0]', 'fields[2]'],
      ['fields[19]', 'fields[21]'],
    ],
    killedBy: 'name-with-anything',
  },
  {
    name: 'ends-the-name-at-the-first-parenthesis',
    change: [["stat.lastIndexOf(')')", "stat.indexOf(')')"]],
    killedBy: 'name-with-anything',
    seenByKernel: 'a-real-process',
  },
  {
    name: 'makes-the-start-time-a-number',
    change: [["startTime: fields[19] ?? ''", "startTime: String(Number(fields[19] ?? ''))"]],
    killedBy: 'large-start-time',
  },
  {
    name: 'believes-that-a-record-without-a-process-lives',
    change: [
      [
        'if (init === undefined || process === undefined) return false;',
        'if (process === undefined) return false;',
      ],
      [
        ALIVE,
        ALIVE.replace(
          'process.startTime === init.startTime',
          '(init === undefined || process.startTime === init.startTime)',
        ),
      ],
    ],
    killedBy: 'nobody-there',
  },
  {
    name: 'believes-the-number-alone',
    change: [['process.startTime === init.startTime && ', '']],
    killedBy: 'pid-used-again',
  },
  {
    name: 'takes-a-zombie-for-alive',
    change: [[" && process.state !== 'Z'", '']],
    killedBy: 'zombie',
    seenByKernel: 'a-real-process',
  },
  {
    name: 'takes-a-stopped-process-for-dead',
    change: [["process.state !== 'X'", "!['X', 'T'].includes(process.state)"]],
    killedBy: 'zombie',
  },
  {
    name: 'mixes-up-created-and-running',
    change: [["? 'created' : 'running'", "? 'running' : 'created'"]],
    killedBy: 'created-and-running',
  },
  {
    name: 'has-no-stopped-before-create-is-complete',
    change: [['record.complete || record.init !== undefined', 'record.complete']],
    killedBy: 'not-alive',
  },
  {
    name: 'calls-everything-stopped-that-does-not-run',
    change: [
      ["record.complete || record.init !== undefined ? 'stopped' : 'creating'", "'stopped'"],
    ],
    killedBy: 'not-alive',
  },
  { name: 'forgets-creating', change: [[INCOMPLETE, '']], killedBy: 'creating' },
  {
    name: 'asks-for-the-freezer-last',
    change: [
      [FROZEN, ''],
      [
        "return observed.awaitsStart() ? 'created' : 'running';",
        "if (observed.awaitsStart()) return 'created';\n  return observed.isFrozen() ? 'paused' : 'running';",
      ],
    ],
    killedBy: 'paused',
  },
  {
    name: 'looks-at-all-files-first',
    change: [
      [
        '  if (!isInitAlive(record, observed.process)) {',
        '  const [frozen, waits] = [observed.isFrozen(), observed.awaitsStart()];\n  if (!isInitAlive(record, observed.process)) {',
      ],
      ['if (observed.isFrozen())', 'if (frozen)'],
      ['return observed.awaitsStart() ?', 'return waits ?'],
    ],
    killedBy: 'looks-only-when-needed',
  },
];
