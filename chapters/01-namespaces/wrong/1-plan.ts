import type { WrongSolution } from '../../../tests/grader/wrong.ts';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'makes-what-has-a-path',
    change: [
      [
        "if (entry.path === undefined || entry.path === '') create.push(kind);",
        'create.push(kind);',
      ],
      [
        'else join.push({ kind, path: entry.path,',
        'if (entry.path) join.push({ kind, path: entry.path,',
      ],
    ],
    killedBy: 'make-or-join',
  },
  {
    name: 'makes-the-kinds-that-nobody-asked-for',
    change: [
      [
        'if (entry === undefined) continue;',
        'if (entry === undefined) { create.push(kind); continue; }',
      ],
    ],
    killedBy: 'not-in-the-list',
  },
  {
    name: 'joins-an-empty-path',
    change: [
      ["if (entry.path === undefined || entry.path === '')", 'if (entry.path === undefined)'],
    ],
    killedBy: 'empty-path',
  },
  {
    name: 'keeps-the-order-of-the-config',
    change: [
      [
        'for (const kind of NAMESPACE_KINDS) {',
        'for (const kind of namespaces.map(({ type }) => NAMESPACE_KINDS.find((each) => each.type === type)!)) {',
      ],
    ],
    killedBy: 'order-of-kinds',
  },
  {
    name: 'counts-the-joined-for-the-source',
    change: [
      ['`/linux/namespaces/${entry.index}/path`', '`/linux/namespaces/${join.length}/path`'],
    ],
    killedBy: 'source',
  },
  {
    name: 'never-forks',
    change: [["touched.some(({ type }) => type === 'pid' || type === 'time')", 'false']],
    killedBy: 'must-fork',
  },
  {
    name: 'always-forks',
    change: [
      ["touched.some(({ type }) => type === 'pid' || type === 'time')", 'touched.length > 0'],
    ],
    killedBy: 'must-fork',
  },
  {
    name: 'forks-only-for-what-it-makes',
    change: [['[...create, ...join.map((entry) => entry.kind)]', '[...create]']],
    killedBy: 'must-fork-to-join',
  },
  {
    name: 'forgets-the-time-namespace',
    change: [["type === 'pid' || type === 'time'", "type === 'pid'"]],
    killedBy: 'must-fork-for-time',
  },
  {
    name: 'points-at-the-entry-not-the-path',
    change: [['`/linux/namespaces/${entry.index}/path`', '`/linux/namespaces/${entry.index}`']],
    killedBy: 'source',
  },
];
