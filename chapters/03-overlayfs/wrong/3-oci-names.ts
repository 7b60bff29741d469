import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const OPAQUE = "  if (name === OPAQUE_WHITEOUT) return { kind: 'opaque' };\n";
const FILE = "  if (!name.startsWith(WHITEOUT_PREFIX)) return { kind: 'file' };\n";
const LEFT_OVER = "  if (hidden.startsWith(WHITEOUT_PREFIX)) return { kind: 'ignored' };\n";
const CUT = 'name.slice(WHITEOUT_PREFIX.length)';
const REFUSED = "!['', '.', '..'].includes(hidden) && !hidden.includes('/')";
const PATH = '`${path.slice(0, slash)}${WHITEOUT_PREFIX}${path.slice(slash)}`';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'takes-the-prefix-anywhere',
    change: [[FILE, FILE.replace('startsWith', 'includes')]],
    killedBy: 'file',
  },
  {
    name: 'forgets-the-last-dot-of-the-prefix',
    change: [[FILE, FILE.replace('WHITEOUT_PREFIX', "'.wh'")]],
    killedBy: 'file',
  },
  {
    name: 'takes-a-dot-too-many',
    change: [[CUT, "name.slice(WHITEOUT_PREFIX.length).replace(/^\\./, '')"]],
    killedBy: 'whiteout',
  },
  {
    name: 'removes-the-prefix-everywhere',
    change: [[CUT, "name.replaceAll(WHITEOUT_PREFIX, '')"]],
    killedBy: 'whiteout',
  },
  {
    name: 'names-the-whiteout-itself',
    change: [["return { kind: 'whiteout', name: hidden };", "return { kind: 'whiteout', name };"]],
    killedBy: 'whiteout',
  },
  { name: 'does-not-know-the-opaque-mark', change: [[OPAQUE, '']], killedBy: 'opaque' },
  {
    name: 'asks-for-the-opaque-mark-last',
    change: [
      [OPAQUE, ''],
      [LEFT_OVER, LEFT_OVER + OPAQUE],
    ],
    killedBy: 'opaque',
  },
  {
    name: 'takes-the-beginning-of-the-mark-for-the-mark',
    change: [['name === OPAQUE_WHITEOUT', 'name.startsWith(OPAQUE_WHITEOUT)']],
    killedBy: 'left-over',
  },
  { name: 'believes-what-aufs-has-left', change: [[LEFT_OVER, '']], killedBy: 'left-over' },
  {
    name: 'unpacks-what-aufs-has-left',
    change: [[LEFT_OVER, LEFT_OVER.replace('ignored', 'file')]],
    killedBy: 'left-over',
  },
  {
    name: 'deletes-what-has-no-name',
    change: [[REFUSED, "!['.', '..'].includes(hidden) && !hidden.includes('/')"]],
    killedBy: 'names-nothing',
  },
  {
    name: 'takes-what-names-nothing-for-a-file',
    change: [
      ['  throw new OverlayError(', "  return { kind: 'file' };\n  throw new OverlayError("],
    ],
    killedBy: 'names-nothing',
  },
  {
    name: 'throws-without-a-code',
    change: [
      [
        '  throw new OverlayError(',
        "  throw new Error('bad whiteout');\n  throw new OverlayError(",
      ],
    ],
    killedBy: 'names-nothing',
  },
  {
    name: 'deletes-the-directory-it-is-in',
    change: [[REFUSED, "!['', '..'].includes(hidden) && !hidden.includes('/')"]],
    killedBy: 'leads-out',
  },
  {
    name: 'deletes-the-directory-above',
    change: [[REFUSED, "!['', '.'].includes(hidden) && !hidden.includes('/')"]],
    killedBy: 'leads-out',
  },
  {
    name: 'follows-a-slash',
    change: [[REFUSED, "!['', '.', '..'].includes(hidden)"]],
    killedBy: 'leads-out',
  },
  {
    name: 'refuses-every-name-with-two-dots-first',
    change: [[REFUSED, "hidden !== '' && hidden !== '.' && !hidden.startsWith('..')"]],
    killedBy: 'leads-out',
  },
  {
    name: 'puts-the-prefix-before-the-whole-path',
    change: [[PATH, '`${WHITEOUT_PREFIX}${path}`']],
    killedBy: 'path',
  },
  {
    name: 'has-a-slash-where-no-directory-is',
    change: [
      [PATH, '`${path.slice(0, Math.max(slash - 1, 0))}/${WHITEOUT_PREFIX}${path.slice(slash)}`'],
    ],
    killedBy: 'path',
  },
  {
    name: 'replaces-the-first-part-of-that-name',
    change: [[PATH, 'path.replace(path.slice(slash), (name) => WHITEOUT_PREFIX + name)']],
    killedBy: 'path',
  },
];
