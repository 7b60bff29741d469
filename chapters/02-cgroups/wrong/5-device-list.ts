import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const RESET = 'list = { allow: step.reset, exceptions: [] };';
const MERGE = 'exceptions.map((other) => (other === known ? merged : other))';
const PUNCH = '    if (!coversDevices(rule, other)) throw cannotPunch(rule, other);\n';
const REST = 'access === 0 ? [] : [{ ...other, access }]';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'allows-everything-at-first',
    change: [['{ allow: false, exceptions: [] };', '{ allow: true, exceptions: [] };']],
    killedBy: 'exceptions',
  },
  {
    name: 'puts-new-exceptions-in-front',
    change: [['return [...exceptions, rule];', 'return [rule, ...exceptions];']],
    killedBy: 'exceptions',
  },
  {
    name: 'takes-every-rule-for-an-exception',
    change: [
      [
        'else if (step.allow === list.allow) list.exceptions = subtract(list.exceptions, step);',
        '',
      ],
    ],
    killedBy: 'as-the-default',
  },
  {
    name: 'keeps-the-exceptions-at-a-reset',
    change: [[RESET, 'list = { ...list, allow: step.reset };']],
    killedBy: 'reset',
  },
  {
    name: 'takes-every-reset-for-one-that-denies',
    change: [[RESET, 'list = { allow: false, exceptions: [] };']],
    killedBy: 'reset',
  },
  {
    name: 'adds-what-allows-whatever-the-default',
    change: [['step.allow === list.allow', '!step.allow']],
    killedBy: 'denied-exceptions',
  },
  {
    name: 'has-two-exceptions-for-one-device',
    change: [['if (!known) return', 'if (!known || known !== rule) return']],
    killedBy: 'same-devices',
  },
  {
    name: 'replaces-the-accesses',
    change: [['known.access | rule.access', 'rule.access']],
    killedBy: 'same-devices',
  },
  {
    name: 'moves-the-joined-exception-to-the-end',
    change: [[MERGE, '[...exceptions.filter((other) => other !== known), merged]']],
    killedBy: 'same-devices',
  },
  {
    name: 'points-at-the-last-rule',
    change: [['{ ...known, access: known.access', '{ ...rule, access: known.access']],
    killedBy: 'same-devices',
  },
  {
    name: 'joins-a-rule-with-a-wider-exception',
    change: [
      [
        '(other) => coversDevices(other, rule) && coversDevices(rule, other),',
        '(other) => coversDevices(other, rule),',
      ],
    ],
    killedBy: 'same-devices',
  },
  {
    name: 'takes-the-whole-exception-away',
    change: [[REST, 'access === -1 ? [other] : []']],
    killedBy: 'take-out',
  },
  {
    name: 'never-takes-anything-out',
    change: [['other.access & ~rule.access', 'other.access']],
    killedBy: 'take-out',
    seenByKernel: 'holds-in-the-kernel',
  },
  {
    name: 'keeps-exceptions-without-any-access',
    change: [[REST, '[{ ...other, access }]']],
    killedBy: 'take-out',
  },
  {
    name: 'takes-out-of-the-same-devices-only',
    change: [['!sharesDevices(other, rule)', '!coversDevices(other, rule)']],
    killedBy: 'take-out',
  },
  {
    name: 'ignores-the-hole-as-the-kernel-does',
    change: [[PUNCH, '    if (!coversDevices(rule, other)) return [other];\n']],
    killedBy: 'hole',
  },
  {
    name: 'takes-out-of-the-wider-exception',
    change: [
      [
        PUNCH,
        '    if (!coversDevices(rule, other) && !coversDevices(other, rule)) throw cannotPunch(rule, other);\n',
      ],
    ],
    killedBy: 'hole',
  },
  {
    name: 'sees-a-hole-where-no-access-is-shared',
    change: [['shared === 0 || !sharesDevices(other, rule)', '!sharesDevices(other, rule)']],
    killedBy: 'no-hole',
  },
  {
    name: 'sees-a-hole-in-every-exception',
    change: [
      [
        'shared === 0 || !sharesDevices(other, rule)',
        'shared === 0 || (other.type === rule.type && !sharesDevices(other, rule))',
      ],
    ],
    killedBy: 'no-hole',
  },
  {
    name: 'changes-the-rules-that-it-was-given',
    change: [
      [
        'const merged = { ...known, access: known.access | rule.access };',
        'const merged = Object.assign(known, { access: known.access | rule.access });',
      ],
    ],
    killedBy: 'steps-stay',
  },
];
