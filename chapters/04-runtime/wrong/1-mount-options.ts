import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const OWN = 'if (own !== undefined) attributes = combineAttributes(attributes, own);';
const KEEPS_LATER_SET = 'set: (earlier.set & ~later.clear) | later.set,';
const KEEPS_LATER_CLEAR = 'clear: (earlier.clear & ~later.set) | later.clear,';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'hands-attributes-to-the-filesystem-as-well',
    change: [[OWN, `${OWN}\n    if (own !== undefined) parameters.push({ key: option });`]],
    killedBy: 'attributes',
  },
  {
    name: 'lets-the-last-attribute-replace-the-others',
    change: [[OWN, 'if (own !== undefined) attributes = own;']],
    killedBy: 'attributes',
  },
  {
    name: 'looks-only-at-what-is-set',
    change: [[KEEPS_LATER_CLEAR, 'clear: 0,']],
    killedBy: 'attributes',
  },
  {
    name: 'joins-changes-by-or-alone',
    change: [
      [KEEPS_LATER_SET, 'set: earlier.set | later.set,'],
      [KEEPS_LATER_CLEAR, 'clear: earlier.clear | later.clear,'],
    ],
    killedBy: 'later-wins',
  },
  {
    name: 'lets-the-earlier-one-win',
    change: [
      [KEEPS_LATER_SET, 'set: earlier.set | (later.set & ~earlier.clear),'],
      [KEEPS_LATER_CLEAR, 'clear: earlier.clear | (later.clear & ~earlier.set),'],
    ],
    killedBy: 'later-wins',
  },
  {
    name: 'never-sets-and-clears-the-same-bit',
    change: [[KEEPS_LATER_CLEAR, 'clear: (earlier.clear | later.clear) & ~later.set,']],
    killedBy: 'a-field',
  },
  {
    name: 'keeps-the-old-atime-bit',
    change: [[KEEPS_LATER_SET, 'set: (earlier.set & ~(later.clear & ~0x70)) | later.set,']],
    killedBy: 'a-field',
  },
  {
    name: 'does-not-know-the-recursive-forms',
    change: [["option.startsWith('r') ? table.get(option.slice(1)) : undefined", 'undefined']],
    killedBy: 'recursive',
  },
  {
    name: 'takes-the-recursive-form-for-the-plain-one',
    change: [
      [
        'recursive = combineAttributes(recursive, below)',
        'attributes = combineAttributes(attributes, below)',
      ],
    ],
    killedBy: 'recursive',
  },
  {
    name: 'takes-any-r-for-the-recursive-form',
    change: [
      [
        'const own = ATTRIBUTE_OPTIONS.get(option);',
        "const own = option.startsWith('rel') ? undefined : ATTRIBUTE_OPTIONS.get(option);",
      ],
    ],
    killedBy: 'recursive',
  },
  {
    name: 'keeps-one-propagation-only',
    change: [
      [
        'else if (spread !== undefined) propagation.push(spread);',
        'else if (spread !== undefined) propagation[0] = spread;',
      ],
    ],
    killedBy: 'propagation',
  },
  {
    name: 'forgets-that-rslave-goes-down',
    change: [['{ type: below, recursive: true }', '{ type: below, recursive: false }']],
    killedBy: 'propagation',
  },
  {
    name: 'does-not-look-at-the-type',
    change: [["type === 'bind' ? 'bind' : undefined", 'undefined']],
    killedBy: 'switches',
  },
  {
    name: 'lets-rbind-win-over-a-later-bind',
    change: [
      [
        "else if (option === 'bind' || option === 'rbind') bind = option;",
        "else if (option === 'bind' || option === 'rbind') bind = bind === 'rbind' ? bind : option;",
      ],
    ],
    killedBy: 'switches',
  },
  {
    name: 'cuts-at-the-last-equals-sign',
    change: [["option.indexOf('=')", "option.lastIndexOf('=')"]],
    killedBy: 'parameters',
  },
  {
    name: 'gives-a-flag-an-empty-value',
    change: [['return { key: option };', "return { key: option, value: '' };"]],
    killedBy: 'parameters',
  },
  {
    name: 'passes-async-to-the-filesystem',
    change: [
      [
        'else if (undone !== undefined) parameters = parameters.filter(({ key }) => key !== undone);',
        'else if (undone !== undefined) parameters.push({ key: option });',
      ],
    ],
    killedBy: 'taken-back',
  },
  {
    name: 'ignores-async',
    change: [['({ key }) => key !== undone', '() => true']],
    killedBy: 'taken-back',
  },
  {
    name: 'passes-defaults-to-the-filesystem',
    change: [["option !== 'remount' && !DEFAULT_OPTIONS.has(option)", "option !== 'remount'"]],
    killedBy: 'taken-back',
  },
];
