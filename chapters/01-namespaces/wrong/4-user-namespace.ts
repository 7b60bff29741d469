import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const UNSHARE = "    program.call('unshare', [CLONE_NEWUSER]);\n";
const DUMPABLE = "    program.call('prctl', [PR_SET_DUMPABLE, 1, 0, 0, 0]);\n";
const NOT_DUMPABLE = "    program.call('prctl', [PR_SET_DUMPABLE, 0, 0, 0, 0]);\n";
const TELL = '    notify(program, controlFd, NOTICE_MAPPINGS);\n';
const WAIT = "    program.call('read', [controlFd, space(8), 8], { zeroIsFailure: true });\n";
const ROOT = '    appendBecomeRoot(program);\n';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'becomes-root-before-there-is-a-map',
    change: [
      [ROOT, ''],
      [UNSHARE, UNSHARE + ROOT],
    ],
    killedBy: 'root-last',
  },
  {
    name: 'forgets-to-become-root',
    change: [[ROOT, '']],
    killedBy: 'root-last',
    seenByKernel: 'is-root-inside',
  },
  { name: 'does-not-wait', change: [[WAIT, '']], killedBy: 'tell-then-wait' },
  {
    name: 'waits-before-it-tells',
    change: [[TELL + WAIT, WAIT + TELL]],
    killedBy: 'tell-then-wait',
  },
  {
    name: 'tells-before-it-has-made-the-namespace',
    change: [[UNSHARE + DUMPABLE + TELL, TELL + UNSHARE + DUMPABLE]],
    killedBy: 'unshare-first',
  },
  {
    name: 'goes-on-when-the-parent-is-gone',
    change: [[', { zeroIsFailure: true }', '']],
    killedBy: 'parent-gone',
    seenByKernel: 'ends-with-its-parent',
  },
  { name: 'stays-dumpable', change: [[NOT_DUMPABLE, '']], killedBy: 'dumpable' },
  { name: 'is-never-dumpable', change: [[DUMPABLE, '']], killedBy: 'dumpable' },
  {
    name: 'is-dumpable-too-late',
    change: [[DUMPABLE + TELL, TELL + DUMPABLE]],
    killedBy: 'dumpable',
  },
  {
    name: 'does-not-say-where-it-comes-from',
    change: [
      ["program.from('/linux/namespaces', () => {", '{'],
      ['  });\n}', '  }\n}'],
    ],
    killedBy: 'origin',
  },
  {
    name: 'has-the-socket-built-in',
    change: [[TELL, '    notify(program, 3, NOTICE_MAPPINGS);\n']],
    killedBy: 'whole',
  },
];
