import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const CLEANED = "posix.normalize(`/${cgroupsPath}`).replace(/\\/$/, '')";
const OWN = "host.kind === 'v2' ? posix.dirname(hierarchy.own) : hierarchy.own";
const BELOW = "own.startsWith('/..') ? '..' : posix.relative(hierarchy.root, own)";
const BASE = "cgroupsPath.startsWith('/') ? hierarchy.mountpoint : ownDirectory(host, hierarchy)";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'keeps-the-slash-at-the-end',
    change: [[CLEANED, 'posix.normalize(`/${cgroupsPath}`)']],
    killedBy: 'one-form',
  },
  {
    name: 'only-puts-the-slash-in-front',
    change: [[CLEANED, "`/${cgroupsPath.replace(/^\\//, '')}`"]],
    killedBy: 'one-form',
  },
  {
    name: 'takes-the-last-name-only',
    change: [[CLEANED, '`/${posix.basename(cgroupsPath)}`']],
    killedBy: 'one-form',
    seenByKernel: 'finds-the-process',
  },
  {
    name: 'works-the-dots-out-before-the-slash-is-there',
    change: [
      [CLEANED, "`/${posix.normalize(cgroupsPath)}`.replace(/^\\/+/, '/').replace(/\\/$/, '')"],
    ],
    killedBy: 'dots',
  },
  {
    name: 'takes-every-two-dots-away',
    change: [
      [CLEANED, "posix.normalize(`/${cgroupsPath}`).replaceAll('..', '').replace(/\\/$/, '')"],
    ],
    killedBy: 'dots',
  },
  {
    name: 'refuses-only-the-plain-root',
    change: [["if (cleaned === '') {", "if (cgroupsPath === '/' || cgroupsPath === '') {"]],
    killedBy: 'root',
  },
  {
    name: 'throws-an-error-of-its-own',
    change: [
      [
        `throw pathError(
      cgroupsPath,
      "names the hierarchy's root; give the container a cgroup below it",
    );`,
        "throw new Error('this is the root');",
      ],
    ],
    killedBy: 'root',
  },
  {
    name: 'forgets-the-nul',
    change: [['/[\\n\\0]/', '/\\n/']],
    killedBy: 'newline',
  },
  {
    name: 'has-one-directory-for-two-controllers',
    change: [
      ['for (const key of hierarchy.keys)', 'for (const key of hierarchy.keys.slice(0, 1))'],
    ],
    killedBy: 'absolute',
  },
  {
    name: 'has-two-slashes-below-a-mount-at-the-root',
    change: [["base === '/' ? inner : base + inner", 'base + inner']],
    killedBy: 'absolute',
  },
  {
    name: 'asks-the-cleaned-path-whether-it-is-absolute',
    change: [["cgroupsPath.startsWith('/') ? hier", "inner.startsWith('/') ? hier"]],
    killedBy: 'relative',
    seenByKernel: 'beside-the-process',
  },
  {
    name: 'starts-where-we-are-in-the-first-tree',
    change: [
      [
        BASE,
        BASE.replace(
          '(host, hierarchy)',
          '(host, { ...hierarchy, own: host.hierarchies[0]!.own })',
        ),
      ],
    ],
    killedBy: 'relative',
  },
  {
    name: 'takes-the-parent-on-version-1-too',
    change: [[OWN, 'posix.dirname(hierarchy.own)']],
    killedBy: 'relative',
  },
  {
    name: 'takes-the-parent-on-a-hybrid-host',
    change: [[OWN, 'hierarchy.version === 2 ? posix.dirname(hierarchy.own) : hierarchy.own']],
    killedBy: 'relative',
  },
  {
    name: 'goes-below-a-cgroup-that-holds-processes',
    change: [[OWN, 'hierarchy.own']],
    killedBy: 'parent-on-v2',
  },
  {
    name: 'takes-every-mount-for-the-whole-tree',
    change: [[BELOW, "posix.relative('/', own)"]],
    killedBy: 'branch',
  },
  {
    name: 'climbs-out-of-the-mount',
    change: [["below === '' || below.startsWith('..')", "below === ''"]],
    killedBy: 'out-of-reach',
  },
  {
    name: 'takes-a-cgroup-outside-of-the-namespace-for-one-inside',
    change: [[BELOW, 'posix.relative(hierarchy.root, own)']],
    killedBy: 'out-of-reach',
  },
];
