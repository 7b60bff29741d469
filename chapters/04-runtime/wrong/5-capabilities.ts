import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const CAPSET = `    appendCapset(program, {
      effective: capabilityMask([...effective, ...extra]),
      permitted: capabilityMask([...permitted, ...extra]),
      inheritable: capabilityMask(inheritable),
    });
`;
const CLEAR = `    program.call('prctl', [PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0], {
      tolerate: 'EINVAL',
    });
`;

export const wrong: readonly WrongSolution[] = [
  {
    name: 'adds-where-it-should-or',
    change: [['mask |= 1n << BigInt(number)', 'mask += 1n << BigInt(number)']],
    killedBy: 'one-bit-each',
  },
  {
    name: 'counts-from-one',
    change: [['mask |= 1n << BigInt(number)', 'mask |= 1n << BigInt(number + 1)']],
    killedBy: 'one-bit-each',
  },
  {
    name: 'shifts-a-number',
    change: [['1n << BigInt(number)', 'BigInt(1 << number)']],
    killedBy: 'more-than-32',
  },
  {
    name: 'takes-an-unknown-name-for-the-first',
    change: [
      [
        'if (number >= 0) mask |= 1n << BigInt(number);',
        'mask |= 1n << BigInt(Math.max(number, 0));',
      ],
    ],
    killedBy: 'unknown-names',
  },
  {
    name: 'drops-what-is-listed',
    change: [['if (bounding.has(name)) continue;', 'if (!bounding.has(name)) continue;']],
    killedBy: 'drops-the-others',
    seenByKernel: 'a-real-process',
  },
  {
    name: 'leaves-the-set-full-when-none-is-given',
    change: [
      [
        "  program.from('/process/capabilities/bounding', () => {",
        "  if (capabilities.bounding === undefined) return;\n  program.from('/process/capabilities/bounding', () => {",
      ],
    ],
    killedBy: 'drops-all',
  },
  {
    name: 'fails-on-an-older-kernel',
    change: [
      [
        "[PR_CAPBSET_DROP, number, 0, 0, 0], { tolerate: 'EINVAL' }",
        '[PR_CAPBSET_DROP, number, 0, 0, 0]',
      ],
    ],
    killedBy: 'older-kernels',
  },
  {
    name: 'mixes-up-permitted-and-inheritable',
    change: [
      [
        'permitted: capabilityMask([...permitted, ...extra])',
        'permitted: capabilityMask([...inheritable, ...extra])',
      ],
      ['inheritable: capabilityMask(inheritable)', 'inheritable: capabilityMask(permitted)'],
    ],
    killedBy: 'three-sets',
  },
  {
    name: 'makes-everything-permitted-effective',
    change: [
      [
        'effective: capabilityMask([...effective, ...extra])',
        'effective: capabilityMask([...permitted, ...extra])',
      ],
    ],
    killedBy: 'three-sets',
  },
  {
    name: 'passes-the-extras-on',
    change: [
      [
        'inheritable: capabilityMask(inheritable)',
        'inheritable: capabilityMask([...inheritable, ...extra])',
      ],
    ],
    killedBy: 'extra',
  },
  {
    name: 'has-extras-without-the-permission',
    change: [
      [
        'permitted: capabilityMask([...permitted, ...extra])',
        'permitted: capabilityMask(permitted)',
      ],
    ],
    killedBy: 'extra',
  },
  {
    name: 'raises-before-it-is-permitted',
    change: [
      [CAPSET, ''],
      [
        "        tolerate: 'EPERM',\n      });\n    }\n",
        `        tolerate: 'EPERM',\n      });\n    }\n${CAPSET}`,
      ],
    ],
    killedBy: 'ambient-last',
    seenByKernel: 'a-real-process',
  },
  {
    name: 'raises-what-nobody-knows',
    change: [['      if (number < 0) continue;\n', '']],
    killedBy: 'ambient-last',
  },
  {
    name: 'clears-only-where-something-is-raised',
    change: [[CLEAR, `    if (ambient.length > 0) ${CLEAR.trimStart()}`]],
    killedBy: 'clears-always',
  },
  {
    name: 'fails-when-the-config-asks-for-too-much',
    change: [
      [
        "PR_CAP_AMBIENT_RAISE, number, 0, 0], {\n        tolerate: 'EPERM',\n      }",
        'PR_CAP_AMBIENT_RAISE, number, 0, 0]',
      ],
    ],
    killedBy: 'tolerates',
  },
  {
    name: 'says-the-same-origin-twice',
    change: [
      ["program.from('/process/capabilities/bounding'", "program.from('/process/capabilities'"],
    ],
    killedBy: 'origins',
  },
];
