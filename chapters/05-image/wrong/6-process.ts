import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const ARGS = '[...entrypoint, ...(given.length > 0 ? given : fallback)]';
const ENTRYPOINT = 'options.entrypoint ?? image.Entrypoint ?? []';
const FALLBACK = 'options.entrypoint === undefined ? (image.Cmd ?? []) : []';
const CWD = "cwd: cwd.startsWith('/') ? cwd : `/${cwd}`,";
const DIRECTORY = 'chosen(options.cwd, image.WorkingDir)';
const USER = 'chosen(options.user, image.User)';
const SET = 'values.set(each.slice(0, equals), each.slice(equals + 1));';
const ENTRIES = '  const entries = [...values];\n';
const PATH = "  if (!values.has('PATH')) entries.unshift(['PATH', DEFAULT_PATH]);\n";
const ALL = 'of [...image, ...user]) {';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'runs-cmd-alone',
    change: [[ARGS, 'given.length > 0 ? [...given] : [...fallback]']],
    killedBy: 'of-the-image',
  },
  {
    name: 'puts-cmd-first',
    change: [[ARGS, '[...(given.length > 0 ? given : fallback), ...entrypoint]']],
    killedBy: 'of-the-image',
  },
  {
    name: 'appends-the-arguments-to-cmd',
    change: [[ARGS, '[...entrypoint, ...fallback, ...given]']],
    killedBy: 'arguments',
  },
  {
    name: 'replaces-the-entrypoint-by-arguments',
    change: [[ARGS, 'given.length > 0 ? [...given] : [...entrypoint, ...fallback]']],
    killedBy: 'arguments',
  },
  {
    name: 'takes-no-arguments-for-a-wish',
    change: [
      ['const given = options.args ?? [];', 'const given = options.args;'],
      [ARGS, '[...entrypoint, ...(given ?? fallback)]'],
    ],
    killedBy: 'no-arguments',
  },
  {
    name: 'keeps-cmd-for-another-entrypoint',
    change: [[FALLBACK, 'image.Cmd ?? []']],
    killedBy: 'entrypoint',
  },
  {
    name: 'knows-no-entrypoint-of-the-user',
    change: [[ENTRYPOINT, 'image.Entrypoint ?? []']],
    killedBy: 'entrypoint',
  },
  {
    name: 'takes-an-empty-entrypoint-for-none',
    change: [
      [
        ENTRYPOINT,
        '(options.entrypoint?.length ?? 0) > 0 ? (options.entrypoint ?? []) : (image.Entrypoint ?? [])',
      ],
    ],
    killedBy: 'empty-entrypoint',
  },
  {
    name: 'runs-nothing',
    change: [['args.length === 0', 'args.length < 0']],
    killedBy: 'nothing',
  },
  {
    name: 'runs-a-shell-instead',
    change: [
      ['const args = [...entrypoint', 'let args = [...entrypoint'],
      [
        '  if (args.length === 0) {',
        "  if (args.length === 0) args = ['/bin/sh'];\n  if (args.length === 0) {",
      ],
    ],
    killedBy: 'nothing',
  },
  {
    name: 'has-no-default-path',
    change: [[PATH, '']],
    killedBy: 'path',
  },
  {
    name: 'puts-the-default-path-last',
    change: [[PATH, PATH.replace('unshift', 'push')]],
    killedBy: 'path',
  },
  {
    name: 'has-only-the-default-path',
    change: [
      [PATH, "  if (values.delete('PATH') || true) entries.unshift(['PATH', DEFAULT_PATH]);\n"],
    ],
    killedBy: 'path',
  },
  {
    name: 'leaves-both-values',
    change: [
      [
        '    env: mergeEnv(image.Env ?? [], options.env ?? []),\n',
        '    env: [...mergeEnv(image.Env ?? [], []), ...(options.env ?? [])],\n',
      ],
    ],
    killedBy: 'environment',
  },
  {
    name: 'lets-the-image-win',
    change: [[ALL, 'of [...user, ...image]) {']],
    killedBy: 'path',
  },
  {
    name: 'keeps-the-first-value',
    change: [[`else ${SET}`, `else if (!values.has(each.slice(0, equals))) ${SET}`]],
    killedBy: 'environment',
  },
  {
    name: 'moves-the-variable-to-the-end',
    change: [
      [
        `    else ${SET}`,
        `    else {\n      values.delete(each.slice(0, equals));\n      ${SET}\n    }`,
      ],
    ],
    killedBy: 'its-place',
  },
  {
    name: 'splits-at-each-equals-sign',
    change: [[SET, "values.set(each.split('=')[0] ?? '', each.split('=')[1] ?? '');"]],
    killedBy: 'value',
  },
  {
    name: 'splits-at-the-last-equals-sign',
    change: [["each.indexOf('=')", "each.lastIndexOf('=')"]],
    killedBy: 'value',
  },
  {
    name: 'drops-empty-values',
    change: [[ENTRIES, "  const entries = [...values].filter(([, value]) => value !== '');\n"]],
    killedBy: 'value',
  },
  {
    name: 'sets-a-name-alone-to-nothing',
    change: [['values.delete(each);', "values.set(each, '');"]],
    killedBy: 'taken-away',
  },
  {
    name: 'passes-a-name-alone-over',
    change: [['if (equals === -1) values.delete(each);', 'if (equals === -1) continue;']],
    killedBy: 'taken-away',
  },
  {
    name: 'looks-for-path-in-the-image',
    change: [
      [
        PATH,
        PATH.replace("!values.has('PATH')", "!image.some((each) => each.startsWith('PATH='))"),
      ],
    ],
    killedBy: 'path-taken-away',
  },
  {
    name: 'takes-an-empty-path-for-none',
    change: [[PATH, PATH.replace("!values.has('PATH')", "(values.get('PATH') ?? '') === ''")]],
    killedBy: 'path-taken-away',
  },
  {
    name: 'takes-any-path-for-path',
    change: [
      [
        PATH,
        PATH.replace(
          "!values.has('PATH')",
          "![...values.keys()].some((name) => name.endsWith('PATH'))",
        ),
      ],
    ],
    killedBy: 'path-taken-away',
  },
  {
    name: 'stays-in-the-directory-of-the-image',
    change: [[DIRECTORY, 'chosen(image.WorkingDir, options.cwd)']],
    killedBy: 'directory',
  },
  {
    name: 'hands-a-relative-directory-on',
    change: [[CWD, "cwd: cwd === '' ? '/' : cwd,"]],
    killedBy: 'relative-directory',
  },
  {
    name: 'normalizes-the-directory',
    change: [[CWD, "cwd: process.getBuiltinModule('path').posix.resolve('/', cwd),"]],
    killedBy: 'relative-directory',
  },
  {
    name: 'says-root-where-nobody-is-named',
    change: [[USER, "chosen(options.user, image.User ?? 'root')"]],
    killedBy: 'user',
  },
  {
    name: 'knows-no-user-of-the-user',
    change: [[USER, "image.User ?? ''"]],
    killedBy: 'user',
  },
  {
    name: 'is-root-where-the-user-is-empty',
    change: [[USER, "options.user ?? image.User ?? ''"]],
    killedBy: 'empty-wishes',
  },
  {
    name: 'is-at-the-root-where-the-directory-is-empty',
    change: [[DIRECTORY, "options.cwd ?? image.WorkingDir ?? ''"]],
    killedBy: 'empty-wishes',
  },
];
