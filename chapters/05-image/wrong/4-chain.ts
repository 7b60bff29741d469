import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const PUSH = 'chain.push(below === undefined ? diffId : sha256(`${below} ${diffId}`));';
const TEXT = '`${below} ${diffId}`';
const HASH = "`sha256:${createHash('sha256').update(text).digest('hex')}`";
const START = '  const chain: Digest[] = [];\n';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'hashes-the-first-too',
    change: [[PUSH, 'chain.push(sha256(below === undefined ? diffId : `${below} ${diffId}`));']],
    killedBy: 'one-layer',
  },
  {
    name: 'has-a-name-for-nothing',
    change: [['  return chain;', "  return chain.length > 0 ? chain : [sha256('')];"]],
    killedBy: 'none',
  },
  {
    name: 'forgets-the-space',
    change: [[TEXT, '`${below}${diffId}`']],
    killedBy: 'two-layers',
  },
  {
    name: 'hashes-what-echo-prints',
    change: [[TEXT, '`${below} ${diffId}\\n`']],
    killedBy: 'two-layers',
  },
  {
    name: 'hashes-the-digits-alone',
    change: [[TEXT, '`${below.slice(7)} ${diffId.slice(7)}`']],
    killedBy: 'two-layers',
  },
  {
    name: 'turns-them-round',
    change: [[TEXT, '`${diffId} ${below}`']],
    killedBy: 'two-layers',
  },
  {
    name: 'returns-digits-alone',
    change: [[HASH, "createHash('sha256').update(text).digest('hex') as Digest"]],
    killedBy: 'two-layers',
  },
  {
    name: 'writes-capital-letters',
    change: [[HASH, "`sha256:${createHash('sha256').update(text).digest('hex').toUpperCase()}`"]],
    killedBy: 'two-layers',
  },
  {
    name: 'returns-the-last-alone',
    change: [['  return chain;', '  return chain.slice(-1);']],
    killedBy: 'two-layers',
  },
  {
    name: 'begins-at-the-top',
    change: [['of diffIds) {', 'of diffIds.toReversed()) {']],
    killedBy: 'two-layers',
  },
  {
    name: 'stands-on-the-diffid-below',
    change: [['chain.at(-1)', 'diffIds[diffIds.indexOf(diffId) - 1]']],
    killedBy: 'three-layers',
  },
  {
    name: 'stands-on-the-lowest-layer',
    change: [['chain.at(-1)', 'chain[0]']],
    killedBy: 'three-layers',
  },
  {
    name: 'takes-equal-layers-for-one',
    change: [['of diffIds) {', 'of new Set(diffIds)) {']],
    killedBy: 'the-same-again',
  },
  {
    name: 'keeps-the-names-by-diffid',
    change: [
      [START, `${START}  const names = new Map<Digest, Digest>();\n`],
      [
        PUSH,
        `names.set(diffId, names.get(diffId) ?? (below === undefined ? diffId : sha256(${TEXT})));\n    chain.push(names.get(diffId) ?? diffId);`,
      ],
    ],
    killedBy: 'the-same-again',
  },
  {
    name: 'takes-the-algorithm-of-the-layer-below',
    change: [
      [
        'sha256(`${below} ${diffId}`)',
        "(`${below.split(':')[0]}:${createHash(below.split(':')[0] ?? '').update(`${below} ${diffId}`).digest('hex')}` as Digest)",
      ],
    ],
    killedBy: 'other-algorithm',
  },
  {
    name: 'works-in-the-list-of-the-caller',
    change: [
      [START, '  const chain = diffIds as Digest[];\n'],
      ['for (const diffId of diffIds) {', 'for (const [at, diffId] of [...diffIds].entries()) {'],
      ['chain.at(-1)', 'chain[at - 1]'],
      [PUSH, 'chain[at] = below === undefined ? diffId : sha256(`${below} ${diffId}`);'],
    ],
    killedBy: 'unchanged',
  },
];
