import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const RELATIVE = '{ options: joinOptions(relative, spec, features), cwd },';
const LINKED = '{ options: joinOptions(numbers, spec, features), links },';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'takes-a-path-for-its-own-parent',
    change: [["path.slice(0, path.lastIndexOf('/') + 1)", '`${path}/`']],
    killedBy: 'common-parent',
  },
  {
    name: 'compares-only-two-paths',
    change: [['of rest) {', 'of rest.slice(0, 1)) {']],
    killedBy: 'common-parent',
  },
  {
    name: 'has-no-name-for-the-root',
    change: [["return common === '/' ? '/' : common.slice(0, -1);", 'return common.slice(0, -1);']],
    killedBy: 'common-parent',
  },
  {
    name: 'leaves-a-slash-at-the-end',
    change: [["return common === '/' ? '/' : common.slice(0, -1);", 'return common;']],
    killedBy: 'common-parent',
  },
  {
    name: 'compares-letter-by-letter',
    change: [
      [
        "common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1);",
        'common = common.slice(0, -1);',
      ],
      [
        "return common === '/' ? '/' : common.slice(0, -1);",
        "return common.replace(/\\/$/, '') || '/';",
      ],
    ],
    killedBy: 'whole-names',
  },
  {
    name: 'never-takes-whole-paths',
    change: [['    { options: joinOptions(spec.lower, spec, features) },\n', '']],
    killedBy: 'first-that-fits',
  },
  {
    name: 'takes-the-shortest-form',
    change: [
      [
        'const fitting = forms.find(',
        'const fitting = forms.toSorted((a, b) => a.options.length - b.options.length).find(',
      ],
    ],
    killedBy: 'first-that-fits',
  },
  {
    name: 'keeps-a-slash-before-the-name',
    change: [["cwd === '/' ? 1 : cwd.length + 1", "cwd === '/' ? 0 : cwd.length"]],
    killedBy: 'first-that-fits',
    seenByKernel: 'mounted',
  },
  {
    name: 'does-not-say-where-to-stand',
    change: [[RELATIVE, '{ options: joinOptions(relative, spec, features) },']],
    killedBy: 'first-that-fits',
    seenByKernel: 'mounted',
  },
  {
    name: 'makes-upper-relative-too',
    change: [
      [
        RELATIVE,
        '{ options: joinOptions(relative, { upper: spec.upper?.slice(start), work: spec.work?.slice(start) }, features), cwd },',
      ],
    ],
    killedBy: 'first-that-fits',
  },
  {
    name: 'cuts-off-too-much-at-the-root',
    change: [["cwd === '/' ? 1 : cwd.length + 1", 'cwd.length + 1']],
    killedBy: 'from-the-root',
  },
  {
    name: 'leaves-an-empty-name',
    change: [["path.slice(start) || '.'", 'path.slice(start)']],
    killedBy: 'from-the-root',
  },
  {
    name: 'counts-from-one',
    change: [['name: String(index)', 'name: String(index + 1)']],
    killedBy: 'links',
  },
  {
    name: 'stands-in-two-places',
    change: [[LINKED, '{ options: joinOptions(numbers, spec, features), cwd, links },']],
    killedBy: 'links',
  },
  {
    name: 'names-the-lowest-layer-first',
    change: [[LINKED, '{ options: joinOptions(numbers.toReversed(), spec, features), links },']],
    killedBy: 'links',
    seenByKernel: 'mounted',
  },
  {
    name: 'counts-characters',
    change: [['Buffer.byteLength(options) < pageSize', 'options.length < pageSize']],
    killedBy: 'fits',
  },
  {
    name: 'forgets-the-final-nul',
    change: [['Buffer.byteLength(options) < pageSize', 'Buffer.byteLength(options) <= pageSize']],
    killedBy: 'fits',
  },
  {
    name: 'gives-the-last-form-whatever-its-length',
    change: [['if (fitting !== undefined) return fitting;', 'return fitting ?? forms[2]!;']],
    killedBy: 'too-long',
  },
  {
    name: 'throws-without-a-code',
    change: [
      [
        'if (fitting !== undefined) return fitting;',
        "if (fitting !== undefined) return fitting;\n  throw new Error('the options are too long');",
      ],
    ],
    killedBy: 'too-long',
  },
];
