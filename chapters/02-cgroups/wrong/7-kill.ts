import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const AT_ONCE = '  if (deadly && target.killAtOnce()) return;\n';
const FREEZE = '  if (!wasFrozen && !target.freeze()) {';
const THAW = '    if (deadly || !wasFrozen) target.thaw();\n';
const SEND = '    for (const pid of target.processes()) target.send(pid, signal);\n';

export const wrong: readonly WrongSolution[] = [
  { name: 'never-kills-at-once', change: [[AT_ONCE, '']], killedBy: 'at-once' },
  {
    name: 'goes-on-after-all-are-killed',
    change: [[AT_ONCE, '  if (deadly) target.killAtOnce();\n']],
    killedBy: 'at-once',
  },
  {
    name: 'does-not-know-the-number-nine',
    change: [["signal === 'SIGKILL' || signal === 9", "signal === 'SIGKILL'"]],
    killedBy: 'at-once',
  },
  {
    name: 'kills-at-once-for-every-signal',
    change: [[AT_ONCE, '  if (target.killAtOnce()) return;\n']],
    killedBy: 'freeze-send-thaw',
  },
  {
    name: 'lists-before-it-freezes',
    change: [
      [AT_ONCE, `${AT_ONCE}  const all = target.processes();\n`],
      [SEND, '    for (const pid of all) target.send(pid, signal);\n'],
    ],
    killedBy: 'freeze-send-thaw',
  },
  {
    name: 'thaws-before-it-sends',
    change: [
      [
        SEND,
        `    const all = target.processes();\n    target.thaw();\n    for (const pid of all) target.send(pid, signal);\n`,
      ],
      [THAW, ''],
    ],
    killedBy: 'freeze-send-thaw',
  },
  {
    name: 'thaws-only-to-kill',
    change: [[THAW, '    if (deadly) target.thaw();\n']],
    killedBy: 'freeze-send-thaw',
    seenByKernel: 'signal-arrives',
  },
  {
    name: 'never-thaws',
    change: [[THAW, '']],
    killedBy: 'freeze-send-thaw',
  },
  {
    name: 'spares-the-first-process',
    change: [
      [SEND, '    for (const pid of target.processes().slice(1)) target.send(pid, signal);\n'],
    ],
    killedBy: 'freeze-send-thaw',
    seenByKernel: 'everyone-ends',
  },
  {
    name: 'believes-that-all-are-killed',
    change: [[AT_ONCE, '  if (deadly) {\n    target.killAtOnce();\n    return;\n  }\n']],
    killedBy: 'not-at-once',
  },
  {
    name: 'forgets-the-thaw-when-a-send-fails',
    change: [
      ['  try {\n', '  {\n'],
      ['  } finally {\n', ''],
    ],
    killedBy: 'thaws-in-any-case',
  },
  {
    name: 'hides-the-error',
    change: [['  } finally {\n', '  } catch {\n    // It is gone, most likely.\n  } finally {\n']],
    killedBy: 'thaws-in-any-case',
  },
  {
    name: 'freezes-what-is-frozen',
    change: [[FREEZE, '  if (!target.freeze()) {']],
    killedBy: 'stays-paused',
  },
  {
    name: 'resumes-what-its-user-has-paused',
    change: [[THAW, '    target.thaw();\n']],
    killedBy: 'stays-paused',
  },
  {
    name: 'leaves-the-killed-frozen',
    change: [[THAW, '    if (!wasFrozen) target.thaw();\n']],
    killedBy: 'paused-and-killed',
  },
  {
    name: 'gives-up-without-a-freezer',
    change: [['    signalUntilQuiet(target, signal);\n', '']],
    killedBy: 'never-freezes',
  },
  {
    name: 'looks-only-once',
    change: [['const ROUNDS = 20;', 'const ROUNDS = 1;']],
    killedBy: 'never-freezes',
  },
  {
    name: 'sends-again-and-again',
    change: [['      signalled.add(pid);\n', '']],
    killedBy: 'never-freezes',
  },
  {
    name: 'thaws-what-never-froze',
    change: [
      [
        '    signalUntilQuiet(target, signal);\n',
        '    signalUntilQuiet(target, signal);\n    target.thaw();\n',
      ],
    ],
    killedBy: 'never-freezes',
  },
  {
    name: 'never-gives-up',
    change: [['const ROUNDS = 20;', 'const ROUNDS = Infinity;']],
    killedBy: 'fork-bomb',
  },
  {
    name: 'looks-once-too-often',
    change: [['round < ROUNDS', 'round <= ROUNDS']],
    killedBy: 'fork-bomb',
  },
];
