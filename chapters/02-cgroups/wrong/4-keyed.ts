import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const COUNT = 'parseCount(match[2])';
const SET = 'if (match?.[1] !== undefined) values[match[1]] = parseCount(match[2]);';
const PAIR = '[[part.slice(0, at), part.slice(at + 1)]]';
const EMPTY = "    if (key === '') continue;\n";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'makes-numbers',
    change: [[COUNT, 'Number(match[2]) as unknown as bigint']],
    killedBy: 'flat',
    seenByKernel: 'real-file',
  },
  {
    name: 'forgets-a-last-line-without-a-newline',
    change: [
      ['/^(\\S+) (\\d+|max)$/.exec(line)', '/^(\\S+) (\\d+|max)\\n$/.exec(`${line}\\n`)'],
      [
        "  const values: Record<string, bigint> = {};\n  for (const line of (text ?? '').split('\\n')) {",
        "  const values: Record<string, bigint> = {};\n  for (const line of (text ?? '').split('\\n').slice(0, -1)) {",
      ],
    ],
    killedBy: 'flat',
  },
  {
    name: 'goes-through-a-number',
    change: [[COUNT, "match[2] === 'max' ? parseCount('max') : BigInt(Number(match[2]))"]],
    killedBy: 'large',
  },
  { name: 'knows-no-max', change: [['(\\d+|max)$/', '(\\d+)$/']], killedBy: 'large' },
  {
    name: 'makes-a-bigint-of-everything',
    change: [[COUNT, "BigInt(match[2] ?? '')"]],
    killedBy: 'large',
  },
  {
    name: 'takes-any-second-word',
    change: [['(\\d+|max)$/', '(\\S+)$/']],
    killedBy: 'other-lines',
  },
  {
    name: 'looks-at-the-beginning-of-the-line-only',
    change: [['(\\d+|max)$/', '(\\d+|max)/']],
    killedBy: 'other-lines',
  },
  {
    name: 'ends-at-the-first-line-that-it-does-not-know',
    change: [[SET, `if (match === null) break;\n    ${SET}`]],
    killedBy: 'other-lines',
  },
  {
    name: 'ends-the-key-at-the-colon',
    change: [["line.split(' ')", 'line.split(/[: ]/)']],
    killedBy: 'nested',
  },
  {
    name: 'has-one-table-for-all-lines',
    change: [
      [
        'table.set(key, new Map(pairs));',
        'for (const pair of pairs) all.set(...pair);\n    table.set(key, all);',
      ],
      [
        'const table = new Map<string, Map<string, string>>();',
        'const table = new Map<string, Map<string, string>>();\n  const all = new Map<string, string>();',
      ],
    ],
    killedBy: 'nested',
  },
  {
    name: 'makes-numbers-of-averages',
    change: [[PAIR, '[[part.slice(0, at), String(Number(part.slice(at + 1)))]]']],
    killedBy: 'text-values',
  },
  {
    name: 'divides-at-every-equals-sign',
    change: [[PAIR, "[[part.slice(0, at), part.split('=')[1] ?? '']]"]],
    killedBy: 'text-values',
  },
  {
    name: 'leaves-a-bare-key-out',
    change: [[EMPTY, "    if (key === '' || parts.length === 0) continue;\n"]],
    killedBy: 'bare',
  },
  { name: 'has-a-key-of-an-empty-line', change: [[EMPTY, '']], killedBy: 'bare' },
  {
    name: 'takes-a-part-without-a-value',
    change: [['at < 0 ? [] :', "at < 0 ? [[part, '']] :"]],
    killedBy: 'bare',
  },
  {
    name: 'keeps-the-first-of-two',
    change: [['values[match[1]] = parse', 'values[match[1]] ??= parse']],
    killedBy: 'twice',
  },
  {
    name: 'mixes-the-names-of-two-lines',
    change: [['new Map(pairs)', 'new Map([...(table.get(key) ?? []), ...pairs])']],
    killedBy: 'twice',
  },
  {
    name: 'cannot-do-without-a-file',
    change: [
      [
        "const values: Record<string, bigint> = {};\n  for (const line of (text ?? '')",
        'const values: Record<string, bigint> = {};\n  for (const line of text!',
      ],
    ],
    killedBy: 'without-text',
  },
];
