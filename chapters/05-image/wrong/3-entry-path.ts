import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const NAMES = "path.split('/').filter((name) => name !== '' && name !== '.')";
const OUT = "  if (names.includes('..')) return 'which leads out of the image';\n";
const NUL = "  if (path.includes('\\0')) return 'a name with a NUL byte';\n";
const NAME_BYTES = 'Buffer.byteLength(encodePath(name)) > 255';
const PATH_BYTES = 'Buffer.byteLength(encodePath(path)) > 4095';
const PLACE = "return type === 'directory' && there === 'directory' ? 'keep' : 'replace';";
const CREATE = "  if (there === undefined) return 'create';\n";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'splits-at-spaces-too',
    change: [[NAMES, NAMES.replace("split('/')", 'split(/[ /]/)')]],
    killedBy: 'names',
  },
  {
    name: 'leaves-single-dots',
    change: [[NAMES, "path.split('/').filter((name) => name !== '')"]],
    killedBy: 'the-same-path',
  },
  {
    name: 'leaves-empty-names',
    change: [[NAMES, "path.replace(/^\\.\\//, '').split('/').filter((name) => name !== '.')"]],
    killedBy: 'the-same-path',
  },
  {
    name: 'refuses-absolute-paths',
    change: [[OUT, `  if (path.startsWith('/')) return 'which is absolute';\n${OUT}`]],
    killedBy: 'absolute',
  },
  {
    name: 'refuses-the-root',
    change: [[OUT, `  if (names.length === 0) return 'which names nothing';\n${OUT}`]],
    killedBy: 'root',
  },
  {
    name: 'lets-everything-out',
    change: [[OUT, '']],
    killedBy: 'leads-out',
    seenByKernel: 'an-attack',
  },
  {
    name: 'looks-at-the-beginning-alone',
    change: [[OUT, OUT.replace("names.includes('..')", "names[0] === '..'")]],
    killedBy: 'leads-out',
    seenByKernel: 'an-attack',
  },
  {
    name: 'drops-the-dots',
    change: [[NAMES, "path.split('/').filter((name) => !['', '.', '..'].includes(name))"]],
    killedBy: 'leads-out',
    seenByKernel: 'an-attack',
  },
  {
    name: 'resolves-the-dots',
    change: [
      [
        NAMES,
        "process.getBuiltinModule('path').posix.normalize(path).split('/').filter((name) => name !== '' && name !== '.')",
      ],
      [OUT, OUT.replace("names.includes('..')", "names[0] === '..' || path.startsWith('/..')")],
    ],
    killedBy: 'within',
  },
  {
    name: 'refuses-two-dots-anywhere',
    change: [[OUT, OUT.replace("names.includes('..')", "path.includes('..')")]],
    killedBy: 'dots',
  },
  {
    name: 'refuses-what-begins-with-two-dots',
    change: [
      [OUT, OUT.replace("names.includes('..')", "names.some((name) => name.startsWith('..'))")],
    ],
    killedBy: 'dots',
  },
  { name: 'lets-a-nul-through', change: [[NUL, '']], killedBy: 'nul' },
  {
    name: 'stops-one-byte-early',
    change: [[NAME_BYTES, NAME_BYTES.replace('> 255', '>= 255')]],
    killedBy: 'long-name',
  },
  {
    name: 'does-not-measure-names',
    change: [[NAME_BYTES, 'name.length > 4095']],
    killedBy: 'long-name',
  },
  {
    name: 'does-not-measure-paths',
    change: [[`tooLong || ${PATH_BYTES}`, 'tooLong']],
    killedBy: 'long-path',
  },
  {
    name: 'measures-what-is-left',
    change: [[PATH_BYTES, "Buffer.byteLength(encodePath(names.join('/'))) > 4095"]],
    killedBy: 'long-path',
  },
  {
    name: 'counts-the-nul-at-the-end',
    change: [[PATH_BYTES, PATH_BYTES.replace('> 4095', '>= 4095')]],
    killedBy: 'long-path',
  },
  {
    name: 'counts-characters',
    change: [[NAME_BYTES, 'name.length > 255']],
    killedBy: 'bytes',
  },
  {
    name: 'counts-odd-bytes-three-times',
    change: [[NAME_BYTES, 'Buffer.byteLength(name) > 255']],
    killedBy: 'bytes',
  },
  {
    name: 'has-only-two-answers',
    change: [[CREATE, '']],
    killedBy: 'create',
  },
  {
    name: 'replaces-directories',
    change: [[PLACE, "return 'replace';"]],
    killedBy: 'keep',
    seenByKernel: 'an-attack',
  },
  {
    name: 'keeps-whatever-is-there',
    change: [[PLACE, "return 'keep';"]],
    killedBy: 'replace',
    seenByKernel: 'an-attack',
  },
  {
    name: 'keeps-what-is-of-the-same-type',
    change: [[PLACE, "return type === there ? 'keep' : 'replace';"]],
    killedBy: 'replace',
  },
  {
    name: 'never-replaces-a-directory',
    change: [[PLACE, "return there === 'directory' ? 'keep' : 'replace';"]],
    killedBy: 'replace',
    seenByKernel: 'an-attack',
  },
  {
    name: 'takes-a-symlink-for-what-it-leads-to',
    change: [
      [
        PLACE,
        "return type === 'directory' && ['directory', 'symlink'].includes(there) ? 'keep' : 'replace';",
      ],
    ],
    killedBy: 'over-a-symlink',
    seenByKernel: 'an-attack',
  },
];
