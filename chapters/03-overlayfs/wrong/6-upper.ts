import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const KIND = "entry.below === 'nothing' ? 'add' : 'modify'";
const DELETE = "      if (entry.below !== 'nothing') yield { kind: 'delete', path };\n";
const PUT = 'yield putChange(kind, path, source, stats, links);';
const IS_OPAQUE = "const opaque = entry.opaque && entry.below === 'directory';";
const IS_CHANGED =
  "const isChanged = opaque || entry.below !== 'directory' || !entry.isSameAsBelow();";
const KEY = '...(opaque && { opaque })';
const DOWN = 'upperChanges(entry.entries(), links)';
const FIRST = '    if (!told) yield directory;\n';

export const wrong: readonly WrongSolution[] = [
  { name: 'adds-everything', change: [[KIND, "'add' as 'add' | 'modify'"]], killedBy: 'files' },
  {
    name: 'takes-a-file-over-a-directory-for-new',
    change: [[KIND, "entry.below === entry.kind ? 'modify' : 'add'"]],
    killedBy: 'files',
  },
  {
    name: 'looks-below-for-the-source',
    change: [
      [PUT, "yield putChange(kind, path, source.replace('/upper/', '/lower/'), stats, links);"],
    ],
    killedBy: 'files',
  },
  {
    name: 'deletes-what-is-not-there',
    change: [[DELETE, "      yield { kind: 'delete', path };\n"]],
    killedBy: 'whiteout',
  },
  {
    name: 'deletes-only-files',
    change: [[DELETE, DELETE.replace("!== 'nothing'", "=== 'file'")]],
    killedBy: 'whiteout',
  },
  {
    name: 'skips-whiteouts',
    change: [[DELETE, '']],
    killedBy: 'whiteout',
    seenByKernel: 'real-upper',
  },
  {
    name: 'takes-a-whiteout-for-a-file',
    change: [["entry.kind === 'whiteout'", 'false']],
    killedBy: 'whiteout',
  },
  {
    name: 'does-not-look-into-directories',
    change: [[DOWN, '[]']],
    killedBy: 'contents',
    seenByKernel: 'real-upper',
  },
  {
    name: 'tells-the-contents-before-the-directory',
    change: [
      ['  if (told) yield directory;\n', ''],
      [FIRST, ''],
      [
        '    told = true;\n    yield change;\n  }\n',
        '    told = true;\n    yield change;\n  }\n  if (told) yield directory;\n',
      ],
    ],
    killedBy: 'contents',
  },
  {
    name: 'tells-every-directory',
    change: [[IS_CHANGED, 'const isChanged = true;']],
    killedBy: 'same-directory',
  },
  {
    name: 'skips-a-directory-that-is-the-same',
    change: [[IS_CHANGED, `${IS_CHANGED}\n      if (!isChanged) continue;`]],
    killedBy: 'same-directory',
    seenByKernel: 'copy-and-changes',
  },
  {
    name: 'tells-only-directories-that-have-changed',
    change: [[FIRST, '']],
    killedBy: 'same-directory',
  },
  {
    name: 'tells-the-directory-before-each-change',
    change: [['    told = true;\n', '']],
    killedBy: 'same-directory',
  },
  {
    name: 'does-not-know-opaque',
    change: [[IS_OPAQUE, 'const opaque = false;']],
    killedBy: 'opaque',
    seenByKernel: 'real-upper',
  },
  {
    name: 'hides-what-is-not-there',
    change: [[IS_OPAQUE, 'const { opaque } = entry;']],
    killedBy: 'opaque',
  },
  {
    name: 'says-that-it-is-not-opaque',
    change: [[KEY, '...(entry.opaque && { opaque })']],
    killedBy: 'opaque',
  },
  {
    name: 'takes-an-opaque-directory-for-the-same',
    change: [[IS_CHANGED, IS_CHANGED.replace('opaque || ', '')]],
    killedBy: 'opaque',
  },
  {
    name: 'tells-a-link-as-another-file',
    change: [[PUT, 'yield { kind, path, source, stats };']],
    killedBy: 'hard-links',
    seenByKernel: 'real-upper',
  },
  {
    name: 'forgets-the-links-of-other-directories',
    change: [
      ['type Change, type HardLinks }', 'type Change, HardLinks }'],
      [DOWN, 'upperChanges(entry.entries(), new HardLinks())'],
    ],
    killedBy: 'hard-links',
  },
];
