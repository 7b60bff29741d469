import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const LOOP = '  for (const change of changes) {\n';
const REFUSE = '    refuseWhiteoutName(change.path);\n';
const CONTENT = "    yield { kind: 'content', path: change.path, change };\n";
const MARK = "      yield { kind: 'whiteout', path: `${change.path}/${OPAQUE_WHITEOUT}` };\n";
const IS_OPAQUE = 'if (change.opaque === true) {\n';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'loses-the-links',
    change: [[CONTENT, CONTENT.replace('change }', 'change: { ...change, linkTo: undefined } }')]],
    killedBy: 'content',
  },
  {
    name: 'tells-only-what-is-new',
    change: [
      [CONTENT, "    if (change.kind === 'modify' && !change.opaque) continue;\n" + CONTENT],
    ],
    killedBy: 'content',
  },
  {
    name: 'puts-the-prefix-before-the-whole-path',
    change: [['whiteoutPath(change.path)', '`${WHITEOUT_PREFIX}${change.path}`']],
    killedBy: 'whiteout',
  },
  {
    name: 'brings-the-deleted-file-as-well',
    change: [['      continue;\n', '']],
    killedBy: 'whiteout',
  },
  {
    name: 'leaves-deletions-out',
    change: [["      yield { kind: 'whiteout', path: whiteoutPath(change.path) };\n", '']],
    killedBy: 'whiteout',
  },
  {
    name: 'has-the-mark-alone',
    change: [[CONTENT, `    if (change.opaque !== true) ${CONTENT.trim()}\n`]],
    killedBy: 'opaque',
  },
  {
    name: 'has-the-mark-before-the-directory',
    change: [
      [CONTENT, ''],
      [`    ${IS_OPAQUE}${MARK}    }\n`, `    ${IS_OPAQUE}${MARK}    }\n${CONTENT}`],
    ],
    killedBy: 'opaque',
  },
  {
    name: 'deletes-the-opaque-directory',
    change: [[MARK, "      yield { kind: 'whiteout', path: whiteoutPath(change.path) };\n"]],
    killedBy: 'opaque',
  },
  {
    name: 'puts-the-mark-beside-the-directory',
    change: [[MARK, MARK.replace('${change.path}/$', "${change.path.replace(/[^/]*$/, '')}$")]],
    killedBy: 'opaque',
  },
  {
    name: 'takes-false-for-opaque',
    change: [['change.opaque === true', 'change.opaque !== undefined']],
    killedBy: 'opaque',
  },
  {
    name: 'has-the-marks-at-the-end',
    change: [
      [LOOP, `  const marks: string[] = [];\n${LOOP}`],
      [MARK, '      marks.push(`${change.path}/${OPAQUE_WHITEOUT}`);\n'],
      [
        '    }\n  }\n}\n\nfunction',
        "    }\n  }\n  for (const path of marks) yield { kind: 'whiteout', path };\n}\n\nfunction",
      ],
    ],
    killedBy: 'order',
  },
  {
    name: 'sorts-by-path',
    change: [
      [
        LOOP,
        '  for (const change of [...changes].toSorted((a, b) => (a.path < b.path ? -1 : 1))) {\n',
      ],
    ],
    killedBy: 'order',
  },
  {
    name: 'does-not-look-at-names',
    change: [[REFUSE, '']],
    killedBy: 'impossible-name',
  },
  {
    name: 'looks-only-at-names-at-the-top',
    change: [["const name = path.slice(path.lastIndexOf('/') + 1);", 'const name = path;']],
    killedBy: 'impossible-name',
  },
  {
    name: 'lets-such-a-file-be-deleted',
    change: [
      [REFUSE, ''],
      [CONTENT, REFUSE + CONTENT],
    ],
    killedBy: 'impossible-name',
  },
  {
    name: 'leaves-such-a-file-out-in-silence',
    change: [[REFUSE, '    if (/(^|\\/)\\.wh\\.[^/]*$/.test(change.path)) continue;\n']],
    killedBy: 'impossible-name',
  },
  {
    name: 'finds-the-prefix-anywhere',
    change: [['!name.startsWith(WHITEOUT_PREFIX)', '!path.includes(WHITEOUT_PREFIX)']],
    killedBy: 'possible-name',
  },
  {
    name: 'refuses-what-is-below-such-a-directory',
    change: [
      [
        '!name.startsWith(WHITEOUT_PREFIX)',
        "!path.split('/').some((each) => each.startsWith(WHITEOUT_PREFIX))",
      ],
    ],
    killedBy: 'possible-name',
  },
  {
    name: 'takes-all-changes-first',
    change: [[LOOP, '  for (const change of [...changes]) {\n']],
    killedBy: 'one-by-one',
  },
];
