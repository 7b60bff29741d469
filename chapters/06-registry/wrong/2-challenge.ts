import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const QUOTED_VALUE = String.raw`value.slice(1, -1).replaceAll(/\\(.)/gs, '$1')`;
const QUOTED = String.raw`/^"(?:[^"\\]|\\.)*"/s`;

export const wrong: readonly WrongSolution[] = [
  {
    name: 'leaves-the-quotes',
    change: [[`quoted ? ${QUOTED_VALUE} : value`, 'value']],
    killedBy: 'one',
  },
  {
    name: 'begins-a-challenge-after-each-comma',
    change: [
      ['  const challenges: {', '  let afterComma = false;\n  const challenges: {'],
      ['const current = challenges.at(-1);', 'let current = challenges.at(-1);'],
      [
        'const value = take(QUOTED)',
        'if (afterComma) challenges.push((current = { scheme: word, parameters: new Map() }));\n    afterComma = true;\n    const value = take(QUOTED)',
      ],
    ],
    killedBy: 'parameters',
  },
  {
    name: 'ends-a-quoted-value-at-a-comma',
    change: [[QUOTED, '/^"[^",]*"?/']],
    killedBy: 'quoted',
  },
  {
    name: 'wants-something-in-the-quotes',
    change: [[QUOTED, QUOTED.replace(')*"', ')+"')]],
    killedBy: 'quoted',
  },
  {
    name: 'ends-at-the-first-quote',
    change: [[QUOTED, '/^"[^"]*"/']],
    killedBy: 'escapes',
  },
  {
    name: 'leaves-the-backslashes',
    change: [[QUOTED_VALUE, 'value.slice(1, -1)']],
    killedBy: 'escapes',
  },
  {
    name: 'knows-quoted-values-only',
    change: [['take(QUOTED) ?? take(WORD) ??', 'take(QUOTED) ??']],
    killedBy: 'bare-word',
  },
  {
    name: 'has-letters-only-in-a-word',
    change: [["/^[\\w!#$%&'*+.^`|~-]+/", '/^[a-z\\d]+/i']],
    killedBy: 'bare-word',
  },
  {
    name: 'makes-the-whole-header-lower-case',
    change: [['let rest = header;', 'let rest = header.toLowerCase();']],
    killedBy: 'case',
  },
  {
    name: 'keeps-the-case-of-names',
    change: [['take(WORD)?.toLowerCase() ??', 'take(WORD) ??']],
    killedBy: 'case',
  },
  {
    name: 'gives-all-parameters-to-the-first-challenge',
    change: [['challenges.at(-1)', 'challenges.at(0)']],
    killedBy: 'two',
  },
  {
    name: 'wants-one-comma-exactly',
    change: [['/^[ \\t]*(?:,[ \\t,]*|$)/', '/^(?:,[ ]?|$)/']],
    killedBy: 'spaces',
  },
  {
    name: 'wants-nothing-around-the-equals-sign',
    change: [['/^[ \\t]*=[ \\t]*(?!=|,|$)/', '/^=(?!=|,|$)/']],
    killedBy: 'spaces',
  },
  {
    name: 'wants-parameters-after-each-scheme',
    change: [
      [
        'closed = take(SPACES) !== undefined && take(TOKEN_68) !== undefined;',
        "if (take(SPACES) === undefined) refuse(header, 'a scheme alone');\n      closed = take(TOKEN_68) !== undefined;",
      ],
    ],
    killedBy: 'scheme-alone',
  },
  {
    name: 'does-not-know-token68',
    change: [
      ['closed = take(SPACES) !== undefined && take(TOKEN_68) !== undefined;', 'take(SPACES);'],
    ],
    killedBy: 'token68',
  },
  {
    name: 'makes-up-a-challenge',
    change: [
      [
        "if (current === undefined) refuse(header, 'it begins with a parameter');",
        'if (current === undefined) continue;',
      ],
    ],
    killedBy: 'no-scheme',
  },
  {
    name: 'does-not-mind-a-missing-comma',
    change: [
      [
        'separated = take(SEPARATORS) !== undefined;\n    if (!separated)',
        'separated = (take(SEPARATORS) ?? take(SPACES)) !== undefined;\n    if (!separated)',
      ],
    ],
    killedBy: 'no-grammar',
  },
  {
    name: 'takes-any-word-for-a-scheme',
    change: [['if (!separated) refuse(header, `no comma before ${word}`);', '']],
    killedBy: 'no-grammar',
  },
  {
    name: 'gives-parameters-to-a-token68',
    change: [['if (closed) refuse(', 'if (closed && !separated) refuse(']],
    killedBy: 'no-grammar',
  },
  {
    name: 'closes-the-quote-itself',
    change: [[QUOTED, QUOTED.replace('*"/', '*(?:"|$)/')]],
    killedBy: 'no-grammar',
  },
  {
    name: 'takes-the-last-of-two',
    change: [['if (current.parameters.has(word)) refuse(header, `${word} comes twice`);\n', '']],
    killedBy: 'twice',
  },
  {
    name: 'reads-headers-of-any-length',
    change: [['if (header.length > MAX_CHALLENGE_LENGTH)', 'if (header.length > 1_000_000)']],
    killedBy: 'too-long',
  },
  {
    name: 'refuses-one-that-is-just-long-enough',
    change: [['header.length > MAX_CHALLENGE_LENGTH', 'header.length >= MAX_CHALLENGE_LENGTH']],
    killedBy: 'too-long',
  },
];
