import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const ESCAPE = String.raw`path.replaceAll(/[\\,:]/g, String.raw${'`\\$&`'})`;
const UNESCAPE = String.raw`escaped.replaceAll(/\\(.)/gs, '$1')`;

export const wrong: readonly WrongSolution[] = [
  {
    name: 'protects-only-the-colon',
    change: [[String.raw`/[\\,:]/g`, String.raw`/[\\:]/g`]],
    killedBy: 'separators',
    seenByKernel: 'the-kernel-reads-it',
  },
  {
    name: 'protects-only-the-first',
    change: [[ESCAPE, String.raw`path.replace(/[\\,:]/, String.raw${'`\\$&`'})`]],
    killedBy: 'separators',
  },
  {
    name: 'writes-octal-numbers-as-in-proc-mounts',
    change: [
      [
        ESCAPE,
        String.raw`path.replaceAll(/[\\,:]/g, (one) => '\\' + one.charCodeAt(0).toString(8).padStart(3, '0'))`,
      ],
    ],
    killedBy: 'separators',
  },
  {
    name: 'doubles-the-backslashes-last',
    change: [
      [
        ESCAPE,
        String.raw`path.replaceAll(',', '\\,').replaceAll(':', '\\:').replaceAll('\\', '\\\\')`,
      ],
    ],
    killedBy: 'separators',
  },
  {
    name: 'puts-quotes-around-it',
    change: [[ESCAPE, `/[,:]/.test(path) ? JSON.stringify(path) : path`]],
    killedBy: 'separators',
  },
  {
    name: 'leaves-the-backslash-alone',
    change: [[String.raw`/[\\,:]/g`, '/[,:]/g']],
    killedBy: 'backslash',
    seenByKernel: 'the-kernel-reads-it',
  },
  {
    name: 'removes-every-backslash',
    change: [[UNESCAPE, String.raw`escaped.replaceAll('\\', '')`]],
    killedBy: 'back-again',
  },
  {
    name: 'unescapes-one-kind-after-another',
    change: [
      [
        UNESCAPE,
        String.raw`escaped.replaceAll('\\\\', '\\').replaceAll('\\,', ',').replaceAll('\\:', ':')`,
      ],
    ],
    killedBy: 'back-again',
  },
  {
    name: 'unescapes-only-the-three',
    change: [[UNESCAPE, String.raw`escaped.replaceAll(/\\([\\,:])/g, '$1')`]],
    killedBy: 'whatever-follows',
  },
  {
    name: 'forgets-that-a-dot-is-no-line-feed',
    change: [[String.raw`/\\(.)/gs`, String.raw`/\\(.)/g`]],
    killedBy: 'whatever-follows',
  },
  {
    name: 'drops-a-backslash-at-the-end',
    change: [[String.raw`/\\(.)/gs`, String.raw`/\\(.?)/gs`]],
    killedBy: 'whatever-follows',
  },
  {
    name: 'forgets-the-last-part',
    change: [['return [...parts, part];', 'return parts;']],
    killedBy: 'split',
  },
  {
    name: 'leaves-out-empty-parts',
    change: [
      ['return [...parts, part];', "return [...parts, part].filter((each) => each !== '');"],
    ],
    killedBy: 'split',
  },
  {
    name: 'splits-at-both-separators',
    change: [['character === separator', "character === ',' || character === ':'"]],
    killedBy: 'split',
  },
  {
    name: 'splits-at-protected-ones-too',
    change: [
      [
        '  const parts: string[] = [];\n',
        '  return text.split(separator);\n  const parts: string[] = [];\n',
      ],
    ],
    killedBy: 'protected',
  },
  {
    name: 'unescapes-while-it-splits',
    change: [['part += character + text.charAt(at + 1);', 'part += text.charAt(at + 1);']],
    killedBy: 'protected',
  },
  {
    name: 'looks-only-at-the-character-before',
    change: [
      [
        '  const parts: string[] = [];\n',
        '  return text.split(new RegExp(`(?<!\\\\\\\\)${separator}`));\n  const parts: string[] = [];\n',
      ],
    ],
    killedBy: 'protected-backslash',
  },
];
