import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const OPEN = '  const opened = appendOpenCgroups(program, cgroups);\n';
const LATE = "type === 'cgroup' && cgroupNamespaceFd !== undefined;\n";
const SETNS = `  appendSetns(
    program,
    pidfd,
    kinds.filter((kind) => !isLate(kind)),
  );
`;
const ROOT = "  if (kinds.some(({ type }) => type === 'user')) appendBecomeRoot(program);\n";
const WHEN = 'forksToEnter(kinds) || cgroups.into !== undefined';
const FORK = `  if (${WHEN}) {
    appendFork(program, controlFd, opened.cloneArgs);
  }
`;
const JOIN = '  appendJoinCgroups(program, controlFd, opened);\n';
const LAST = '  appendSetns(program, cgroupNamespaceFd, kinds.filter(isLate));\n';
const CLOSE = "  program.call('close', [cgroupNamespaceFd]);\n";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'enters-one-after-the-other',
    change: [
      [
        SETNS,
        '  for (const kind of kinds) if (!isLate(kind)) appendSetns(program, pidfd, [kind]);\n',
      ],
    ],
    killedBy: 'one-setns',
  },
  {
    name: 'enters-even-nothing',
    change: [
      [
        SETNS,
        "  const flags = kinds.filter((kind) => !isLate(kind)).reduce((all, { flag }) => all | flag, 0);\n  program.call('setns', [pidfd, flags]);\n",
      ],
    ],
    killedBy: 'one-setns',
  },
  {
    name: 'stays-nobody',
    change: [[ROOT, '']],
    killedBy: 'root',
    seenByKernel: 'is-root-there',
  },
  {
    name: 'becomes-root-before-it-is-there',
    change: [[SETNS + ROOT, ROOT + SETNS]],
    killedBy: 'root',
    seenByKernel: 'is-root-there',
  },
  {
    name: 'becomes-root-of-any-kind',
    change: [["type === 'user'", "type === 'uts' || type === 'user'"]],
    killedBy: 'root',
  },
  {
    name: 'stays-outside-of-the-pid-namespace',
    change: [[FORK, '']],
    killedBy: 'fork',
    seenByKernel: 'is-with-the-other',
  },
  {
    name: 'forks-on-the-host',
    change: [
      [FORK, ''],
      [SETNS, FORK + SETNS],
    ],
    killedBy: 'fork',
    seenByKernel: 'is-with-the-other',
  },
  {
    name: 'forgets-the-time-namespace',
    change: [['forksToEnter(kinds)', "kinds.some(({ type }) => type === 'pid')"]],
    killedBy: 'fork',
  },
  {
    name: 'forks-for-any-kind',
    change: [['forksToEnter(kinds)', 'kinds.length > 0']],
    killedBy: 'fork',
  },
  {
    name: 'looks-for-a-fork-in-the-kinds-only',
    change: [[WHEN, 'forksToEnter(kinds)']],
    killedBy: 'born-into',
  },
  {
    name: 'is-born-on-the-host',
    change: [['controlFd, opened.cloneArgs', 'controlFd, undefined']],
    killedBy: 'born-into',
  },
  {
    name: 'opens-the-cgroups-inside',
    change: [
      [OPEN, ''],
      [SETNS, SETNS + OPEN],
    ],
    killedBy: 'cgroups',
  },
  {
    name: 'brings-the-dying-process-into-the-cgroup',
    change: [[FORK + JOIN, JOIN + FORK]],
    killedBy: 'cgroups',
  },
  {
    name: 'never-enters-the-cgroup-namespace-at-once',
    change: [[LATE, "type === 'cgroup';\n"]],
    killedBy: 'cgroup-namespace',
  },
  {
    name: 'enters-the-cgroup-namespace-twice',
    change: [['kinds.filter((kind) => !isLate(kind)),', 'kinds,']],
    killedBy: 'cgroup-namespace-last',
  },
  {
    name: 'enters-the-cgroup-namespace-before-its-cgroup',
    change: [
      [LAST, ''],
      [JOIN, `  if (cgroupNamespaceFd !== undefined) {\n  ${LAST}  }\n${JOIN}`],
    ],
    killedBy: 'cgroup-namespace-last',
  },
  {
    name: 'enters-the-cgroup-namespace-by-the-pidfd',
    change: [['appendSetns(program, cgroupNamespaceFd,', 'appendSetns(program, pidfd,']],
    killedBy: 'cgroup-namespace-last',
  },
  {
    name: 'leaves-the-descriptor-open',
    change: [[CLOSE, '']],
    killedBy: 'closes',
  },
  {
    name: 'closes-only-what-it-has-used',
    change: [[CLOSE, `  if (kinds.some(isLate)) program.call('close', [cgroupNamespaceFd]);\n`]],
    killedBy: 'closes',
  },
  {
    name: 'closes-before-it-enters',
    change: [[LAST + CLOSE, CLOSE + LAST]],
    killedBy: 'closes',
  },
];
