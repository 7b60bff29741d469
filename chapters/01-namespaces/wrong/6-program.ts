import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const OPEN = '  const opened = appendOpenCgroups(program, cgroups);\n';
const JOINS = '  appendJoins(program, plan, joinFds, userFirst);\n';
const USER = "  if (creates(plan, 'user')) appendUserNamespace(program, controlFd);\n";
const OTHERS = "type !== 'user' && type !== 'cgroup'";
const MAKE = `  appendUnshare(
    program,
    plan.create.filter(({ type }) => ${OTHERS}),
  );
`;
const CLOCKS = `  if (timeOffsets !== undefined && creates(plan, 'time')) {
    appendTimeOffsets(program, timeOffsets, separates(plan, 'user'));
  }
`;
const FORK = '  if (mustFork(plan, cgroups)) appendFork(program, controlFd, opened.cloneArgs);\n';
const ENTER = '  appendJoinCgroups(program, controlFd, opened);\n';
const LAST = `  appendUnshare(
    program,
    plan.create.filter(({ type }) => type === 'cgroup'),
  );
`;

export const wrong: readonly WrongSolution[] = [
  {
    name: 'makes-before-it-joins',
    change: [[JOINS + USER + MAKE, USER + MAKE + JOINS]],
    killedBy: 'join-first',
    seenByKernel: 'joins-and-makes',
  },
  {
    name: 'forgets-who-joins-the-user-namespace-first',
    change: [[JOINS, '  appendJoins(program, plan, joinFds, userFirst && false);\n']],
    killedBy: 'join-first',
  },
  {
    name: 'makes-the-user-namespace-after-the-others',
    change: [[USER + MAKE, MAKE + USER]],
    killedBy: 'user-owns',
    seenByKernel: 'is-in-all-of-them',
  },
  {
    name: 'makes-a-second-user-namespace',
    change: [[OTHERS, "type !== 'cgroup'"]],
    killedBy: 'user-owns',
  },
  {
    name: 'makes-the-user-namespace-that-it-joins',
    change: [["if (creates(plan, 'user'))", "if (separates(plan, 'user'))"]],
    killedBy: 'user-owns',
  },
  {
    name: 'never-forks',
    change: [[FORK, '']],
    killedBy: 'fork',
    seenByKernel: 'is-in-all-of-them',
  },
  {
    name: 'always-forks',
    change: [['if (mustFork(plan, cgroups)) ', '']],
    killedBy: 'fork',
  },
  {
    name: 'forks-before-there-is-a-namespace',
    change: [[MAKE + CLOCKS + FORK, FORK + MAKE + CLOCKS]],
    killedBy: 'fork',
    seenByKernel: 'is-in-all-of-them',
  },
  {
    name: 'looks-for-a-fork-in-the-plan-only',
    change: [['if (mustFork(plan, cgroups))', 'if (plan.mustFork)']],
    killedBy: 'born-into',
  },
  {
    name: 'is-born-where-its-parent-is',
    change: [['controlFd, opened.cloneArgs', 'controlFd, undefined']],
    killedBy: 'born-into',
  },
  {
    name: 'opens-the-cgroups-when-it-needs-them',
    change: [
      [OPEN, ''],
      [FORK, OPEN + FORK],
    ],
    killedBy: 'cgroups',
  },
  {
    name: 'brings-the-dying-process-into-the-cgroup',
    change: [[FORK + ENTER, ENTER + FORK]],
    killedBy: 'cgroups',
  },
  {
    name: 'opens-the-cgroups-for-nothing',
    change: [[ENTER, '']],
    killedBy: 'cgroups',
  },
  {
    name: 'makes-the-cgroup-namespace-with-the-others',
    change: [
      [OTHERS, "type !== 'user'"],
      [LAST, ''],
    ],
    killedBy: 'cgroup-namespace',
  },
  {
    name: 'makes-the-cgroup-namespace-outside-of-the-cgroup',
    change: [[ENTER + LAST, LAST + ENTER]],
    killedBy: 'cgroup-namespace',
  },
  {
    name: 'forgets-the-cgroup-namespace',
    change: [[LAST, '']],
    killedBy: 'cgroup-namespace',
  },
  {
    name: 'sets-the-clocks-of-a-running-process',
    change: [[CLOCKS + FORK, FORK + CLOCKS]],
    killedBy: 'clocks',
    seenByKernel: 'is-in-all-of-them',
  },
  {
    name: 'sets-the-clocks-of-the-host',
    change: [[MAKE + CLOCKS, CLOCKS + MAKE]],
    killedBy: 'clocks',
  },
  {
    name: 'sets-the-clocks-of-somebody-else',
    change: [["creates(plan, 'time')", "separates(plan, 'time')"]],
    killedBy: 'clocks',
  },
  {
    name: 'cannot-open-its-clocks',
    change: [["timeOffsets, separates(plan, 'user')", 'timeOffsets, false']],
    killedBy: 'dumpable-clocks',
    seenByKernel: 'is-in-all-of-them',
  },
  {
    name: 'forgets-a-user-namespace-that-is-joined',
    change: [["timeOffsets, separates(plan, 'user')", "timeOffsets, creates(plan, 'user')"]],
    killedBy: 'dumpable-clocks',
  },
];
