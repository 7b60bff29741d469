import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const WRITE = "    program.call('write', [controlFd, notice.block, NOTICE_SIZE]);\n";
const EXIT = "    program.call('exit_group', [0]);\n";
const SKIP = "  program.skipWhen(child, 'zero', () => {\n";
const END = '  });\n';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'makes-a-child-of-its-own',
    change: [['[CLONE_PARENT | SIGCHLD,', '[SIGCHLD,']],
    killedBy: 'sibling',
    seenByKernel: 'goes-on-as-its-child',
  },
  {
    name: 'ends-without-a-signal',
    change: [['[CLONE_PARENT | SIGCHLD,', '[CLONE_PARENT,']],
    killedBy: 'sibling',
  },
  {
    name: 'tells-before-it-knows',
    change: [
      [WRITE, ''],
      [
        '  const child =\n',
        "  program.call('write', [controlFd, notice.block, NOTICE_SIZE]);\n  const child =\n",
      ],
    ],
    killedBy: 'tells-its-pid',
  },
  {
    name: 'does-not-keep-the-result',
    change: [['{ storeAt: notice.value }', '{}']],
    killedBy: 'tells-its-pid',
    seenByKernel: 'goes-on-as-its-child',
  },
  {
    name: 'writes-half-of-the-notice',
    change: [['NOTICE_SIZE]', '8]']],
    killedBy: 'tells-its-pid',
  },
  {
    name: 'sends-a-notice-without-a-value',
    change: [
      [
        '[controlFd, notice.block, NOTICE_SIZE]',
        '[controlFd, { ...notice.block, shown: `{notice ${NOTICE_FORKED}}` }, NOTICE_SIZE]',
      ],
    ],
    killedBy: 'tells-its-pid',
  },
  {
    name: 'goes-on-twice',
    change: [[EXIT, '']],
    killedBy: 'old-one-ends',
    seenByKernel: 'goes-on-as-its-child',
  },
  {
    name: 'ends-before-it-tells',
    change: [[WRITE + EXIT, EXIT + WRITE]],
    killedBy: 'old-one-ends',
  },
  {
    name: 'ends-as-a-failure',
    change: [["'exit_group', [0]", "'exit_group', [1]"]],
    killedBy: 'old-one-ends',
    seenByKernel: 'goes-on-as-its-child',
  },
  {
    name: 'lets-the-child-end-too',
    change: [[EXIT + END, END + EXIT]],
    killedBy: 'child-skips',
    seenByKernel: 'goes-on-as-its-child',
  },
  {
    name: 'skips-in-both',
    change: [[SKIP, SKIP.replace('zero', 'success')]],
    killedBy: 'child-skips',
  },
  {
    name: 'skips-in-neither',
    change: [[SKIP, SKIP.replace('zero', 'error')]],
    killedBy: 'child-skips',
    seenByKernel: 'goes-on-as-its-child',
  },
  {
    name: 'has-the-child-tell-its-own-number',
    change: [
      ['{ storeAt: notice.value }', '{}'],
      [WRITE, ''],
      [END, `${END}  program.call('getpid', [], { storeAt: notice.value });\n${WRITE}`],
    ],
    killedBy: 'tells-its-pid',
    seenByKernel: 'is-process-one',
  },
  {
    name: 'forgets-the-cgroup',
    change: [['cloneArgs === undefined', 'cloneArgs?.size !== 0']],
    killedBy: 'into-a-cgroup',
  },
  {
    name: 'counts-words-for-the-size',
    change: [['[cloneArgs, cloneArgs.size]', '[cloneArgs, cloneArgs.size / 8]']],
    killedBy: 'into-a-cgroup',
  },
  {
    name: 'keeps-the-result-of-clone-only',
    change: [['[cloneArgs, cloneArgs.size], options)', '[cloneArgs, cloneArgs.size])']],
    killedBy: 'into-a-cgroup',
  },
];
