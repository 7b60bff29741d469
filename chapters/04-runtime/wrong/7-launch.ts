import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const BOUNDING = '  appendBoundingSet(program, capabilities);\n';
const USER = '  appendUser(program, process, { mayBeDenied });\n';
const CAPABILITIES =
  "  appendCapabilities(program, capabilities, keepsAdmin ? ['CAP_SYS_ADMIN'] : []);\n";
const CWD = '  appendWorkingDirectory(program, process.cwd, createCwd);\n';
const NO_NEW = '  if (noNewPrivileges) appendNoNewPrivileges(program);\n';
const READY = '  const reply = appendReady(program, controlFd);\n';
const NOTIFYING = '  if (seccomp?.notify === true) appendSeccomp(program, seccomp, controlFd);\n';
const WAIT = '  waitForStart?.();\n';
const FILTER = '  if (seccomp?.notify === false) appendSeccomp(program, seccomp, controlFd);\n';
const AGAIN = '  if (keepsAdmin) appendCapabilities(program, capabilities);\n';
const EXECUTE = '  appendExecute(program, process, reply, preserveFds);\n';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'takes-admin-away-after-execute',
    change: [[AGAIN + EXECUTE, EXECUTE + '  appendCapabilities(program, capabilities);\n']],
    killedBy: 'ends-in-execute',
  },
  {
    name: 'changes-the-user-first',
    change: [[BOUNDING + USER, USER + BOUNDING]],
    killedBy: 'giving-up',
  },
  {
    name: 'sets-capabilities-before-the-user',
    change: [[USER + CAPABILITIES, CAPABILITIES + USER]],
    killedBy: 'giving-up',
  },
  {
    name: 'makes-the-directory-as-the-user',
    change: [
      [CWD, ''],
      [USER, USER + CWD],
    ],
    killedBy: 'giving-up',
  },
  {
    name: 'makes-the-directory-for-exec-too',
    change: [['process.cwd, createCwd)', 'process.cwd, true)']],
    killedBy: 'working-directory',
  },
  {
    name: 'is-ready-after-the-wait',
    change: [[READY + NOTIFYING + WAIT, WAIT + READY + NOTIFYING]],
    killedBy: 'plain',
  },
  {
    name: 'always-sets-no-new-privs',
    change: [[NO_NEW, '  appendNoNewPrivileges(program);\n']],
    killedBy: 'plain',
  },
  { name: 'forgets-no-new-privs', change: [[NO_NEW, '']], killedBy: 'no-new-privileges' },
  {
    name: 'needs-a-wait',
    change: [
      [
        'waitForStart?.();',
        "if (waitForStart === undefined) throw new TypeError('waitForStart is not a function');\n  waitForStart();",
      ],
    ],
    killedBy: 'without-a-wait',
  },
  {
    name: 'filters-its-own-wait',
    change: [
      [FILTER, ''],
      [NOTIFYING, '  if (seccomp !== undefined) appendSeccomp(program, seccomp, controlFd);\n'],
    ],
    killedBy: 'filter-late',
  },
  {
    name: 'makes-the-listener-when-nobody-is-there',
    change: [
      [NOTIFYING, ''],
      [FILTER, '  if (seccomp !== undefined) appendSeccomp(program, seccomp, controlFd);\n'],
    ],
    killedBy: 'filter-that-notifies',
  },
  {
    name: 'filters-twice',
    change: [
      [FILTER, '  if (seccomp !== undefined) appendSeccomp(program, seccomp, controlFd);\n'],
    ],
    killedBy: 'filter-that-notifies',
  },
  {
    name: 'keeps-admin-although-it-need-not',
    change: [['seccomp !== undefined && !noNewPrivileges', 'seccomp !== undefined']],
    killedBy: 'filter-late',
  },
  { name: 'keeps-admin-for-the-program', change: [[AGAIN, '']], killedBy: 'keeps-admin' },
  {
    name: 'takes-admin-away-before-the-filter',
    change: [
      [AGAIN, ''],
      [WAIT, WAIT + AGAIN],
    ],
    killedBy: 'keeps-admin',
  },
  {
    name: 'keeps-admin-only-for-a-plain-filter',
    change: [
      [
        'seccomp !== undefined && !noNewPrivileges',
        'seccomp?.notify === false && !noNewPrivileges',
      ],
    ],
    killedBy: 'keeps-admin-to-notify',
  },
];
