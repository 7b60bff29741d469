import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const TYPE = '[[R.type, DEVICE_TYPE[rule.type]]]';
const MAJOR = '  if (rule.major !== undefined) tests.push([R.major, rule.major]);\n';
const MINOR = '  if (rule.minor !== undefined) tests.push([R.minor, rule.minor]);\n';
const ALLOW = 'bpfInstruction(BPF.or, R.allowed, 0, 0, rule.access)';
const DENY = 'bpfInstruction(BPF.and, R.allowed, 0, 0, ALL_ACCESS & ~rule.access)';
const LAST = "steps.findLastIndex((step) => 'reset' in step)";
const ALL = '[...devicePrologue(start), ...blocks, ...deviceEpilogue()]';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'jumps-one-too-far',
    change: [['tests.length - index', 'tests.length - index + 1']],
    killedBy: 'block',
  },
  {
    name: 'jumps-onto-the-change',
    change: [['tests.length - index', 'tests.length - index - 1']],
    killedBy: 'block',
  },
  {
    name: 'jumps-when-they-are-equal',
    change: [['bpfInstruction(BPF.jumpNotEqual32', 'bpfInstruction(BPF.jumpEqual']],
    killedBy: 'block',
  },
  {
    name: 'counts-the-types-the-other-way-round',
    change: [[TYPE, "[[R.type, rule.type === 'c' ? DEVICE_TYPE.b : DEVICE_TYPE.c]]"]],
    killedBy: 'block',
  },
  {
    name: 'tests-the-minor-first',
    change: [[MAJOR + MINOR, MINOR + MAJOR]],
    killedBy: 'block',
  },
  {
    name: 'forgets-what-was-allowed-before',
    change: [[ALLOW, ALLOW.replace('BPF.or', 'BPF.move')]],
    killedBy: 'block',
    seenByKernel: 'kernel-obeys',
  },
  {
    name: 'takes-an-open-number-for-zero',
    change: [[MINOR, '  tests.push([R.minor, rule.minor ?? 0]);\n']],
    killedBy: 'open-numbers',
  },
  {
    name: 'always-jumps-over-three',
    change: [['tests.length - index', '3 - index']],
    killedBy: 'open-numbers',
  },
  {
    name: 'takes-zero-for-an-open-number',
    change: [[MINOR, '  if (rule.minor) tests.push([R.minor, rule.minor]);\n']],
    killedBy: 'number-zero',
  },
  {
    name: 'keeps-what-it-denies',
    change: [[DENY, DENY.replace('ALL_ACCESS & ~rule.access', 'rule.access')]],
    killedBy: 'deny',
  },
  {
    name: 'turns-the-bits-over',
    change: [[DENY, 'bpfInstruction(BPF.xor, R.allowed, 0, 0, rule.access)']],
    killedBy: 'deny',
  },
  {
    name: 'denies-every-access',
    change: [[DENY, DENY.replace('ALL_ACCESS & ~rule.access', '0')]],
    killedBy: 'deny',
  },
  {
    name: 'has-no-end',
    change: [[ALL, '[...devicePrologue(start), ...blocks, ...deviceEpilogue().slice(0, 0)]']],
    killedBy: 'frame',
  },
  {
    name: 'makes-a-byte-of-each-instruction',
    change: [[`${ALL}.flat()`, `${ALL}.map(([code = 0]) => code)`]],
    killedBy: 'frame',
  },
  {
    name: 'starts-with-everything',
    change: [['? ALL_ACCESS : 0', '? 0 : ALL_ACCESS']],
    killedBy: 'frame',
  },
  {
    name: 'lets-the-first-rule-win',
    change: [['rules.flatMap(deviceRuleBlock)', 'rules.toReversed().flatMap(deviceRuleBlock)']],
    killedBy: 'order',
    seenByKernel: 'later-wins',
  },
  {
    name: 'puts-what-denies-first',
    change: [
      [
        'rules.flatMap(deviceRuleBlock)',
        'rules.toSorted((a, b) => Number(a.allow) - Number(b.allow)).flatMap(deviceRuleBlock)',
      ],
    ],
    killedBy: 'order',
  },
  {
    name: 'takes-every-reset-for-one-that-denies',
    change: [
      [
        "reset !== undefined && 'reset' in reset && reset.reset ? ALL_ACCESS : 0",
        'reset === undefined ? 0 : 0',
      ],
    ],
    killedBy: 'reset',
  },
  {
    name: 'keeps-the-rules-before-the-reset',
    change: [['steps.slice(lastReset + 1)', 'steps.slice()']],
    killedBy: 'reset',
  },
  {
    name: 'looks-for-the-first-reset',
    change: [[LAST, LAST.replace('findLastIndex', 'findIndex')]],
    killedBy: 'last-reset',
  },
];
