import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const SETNS = "    program.call('setns', [fd, kind.flag], { source });\n";
const ROOT = "    if (kind.type === 'user') appendBecomeRoot(program);\n";
const ORDER = 'userFirst ? [...user, ...others] : [...others, ...user]';
const LOOP = `  for (const { fd, kind, source } of ${ORDER}) {\n`;

export const wrong: readonly WrongSolution[] = [
  {
    name: 'does-not-tell-the-kind',
    change: [['[fd, kind.flag]', '[fd, 0]']],
    killedBy: 'by-descriptor',
  },
  {
    name: 'opens-the-path-in-the-program',
    change: [
      [
        SETNS,
        "    program.call('setns', [program.call('openat', [-100, path, 0, 0]), kind.flag], { source });\n",
      ],
      [LOOP, `  for (const { kind, path, source } of ${ORDER}) {\n`],
    ],
    killedBy: 'by-descriptor',
  },
  {
    name: 'makes-the-new-ones-here-too',
    change: [
      [
        '  const user = ',
        "  for (const { flag } of plan.create) program.call('unshare', [flag]);\n  const user = ",
      ],
    ],
    killedBy: 'each-join',
  },
  {
    name: 'keeps-the-order-of-the-plan',
    change: [[ORDER, 'userFirst ? [...user, ...others] : entries']],
    killedBy: 'user-last',
    seenByKernel: 'is-root-there',
  },
  {
    name: 'turns-all-of-the-list-around',
    change: [[ORDER, 'userFirst ? [...user, ...others] : entries.toReversed()']],
    killedBy: 'each-join',
  },
  {
    name: 'has-the-user-namespace-always-last',
    change: [[ORDER, '[...others, ...(userFirst ? user : user)]']],
    killedBy: 'user-first',
  },
  {
    name: 'counts-the-descriptors-after-sorting',
    change: [
      [
        `of ${ORDER}) {\n`,
        `of (${ORDER}).map((entry, at) => ({ ...entry, fd: joinFds[at] ?? -1 }))) {\n`,
      ],
    ],
    killedBy: 'own-descriptor',
  },
  {
    name: 'stays-nobody',
    change: [[ROOT, '']],
    killedBy: 'becomes-root',
    seenByKernel: 'is-root-there',
  },
  {
    name: 'becomes-root-without-a-user-namespace',
    change: [[ROOT, '    appendBecomeRoot(program);\n']],
    killedBy: 'becomes-root',
  },
  {
    name: 'becomes-root-before-it-is-there',
    change: [[SETNS + ROOT, ROOT + SETNS]],
    killedBy: 'becomes-root',
  },
  {
    name: 'becomes-root-after-all-joins',
    change: [
      [ROOT, ''],
      ['  }\n}\n', '  }\n  if (user.length > 0) appendBecomeRoot(program);\n}\n'],
    ],
    killedBy: 'becomes-root',
  },
  {
    name: 'does-not-say-where-it-comes-from',
    change: [
      [', { source });', ');'],
      ['{ fd, kind, source } of', '{ fd, kind } of'],
    ],
    killedBy: 'origin',
  },
  {
    name: 'counts-its-own-list-for-the-origin',
    change: [['({ ...entry, fd:', '({ ...entry, source: `/linux/namespaces/${index}/path`, fd:']],
    killedBy: 'origin',
  },
  {
    name: 'joins-only-the-first',
    change: [[`of ${ORDER}) {\n`, `of (${ORDER}).slice(0, 1)) {\n`]],
    killedBy: 'each-join',
    seenByKernel: 'is-with-the-other',
  },
];
