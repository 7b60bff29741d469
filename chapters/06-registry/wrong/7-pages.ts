import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const LINK = String.raw`/^[\s,]*<([^<>]*)>((?:\s*;\s*[^\s;,="]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)/`;
const REL = String.raw`/;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i`;
const WORDS = "(rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(' ')";
const ELSEWHERE = 'url === null || url.origin !== page.origin';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'leaves-the-brackets',
    change: [['URL.parse(target, page)', 'URL.parse(`<${target}>`, page)']],
    killedBy: 'next',
  },
  {
    name: 'takes-any-link',
    change: [
      ["if (words.includes('next')) return target;", 'if (words.length > 0) return target;'],
    ],
    killedBy: 'last',
  },
  {
    name: 'looks-for-next-anywhere',
    change: [
      ["if (words.includes('next')) return target;", "if (whole.includes('next')) return target;"],
    ],
    killedBy: 'last',
  },
  {
    name: 'resolves-against-the-host',
    change: [['URL.parse(target, page)', 'URL.parse(target, page.origin)']],
    killedBy: 'relative',
  },
  {
    name: 'wants-a-path',
    change: [
      [
        'const url = URL.parse(target, page);',
        "if (!target.startsWith('/')) return undefined;\n  const url = URL.parse(target, page);",
      ],
    ],
    killedBy: 'relative',
  },
  {
    name: 'looks-at-the-first-link-only',
    change: [['rest = rest.slice(whole.length);', 'return undefined;']],
    killedBy: 'among-others',
  },
  {
    name: 'takes-the-last-of-two',
    change: [
      ['let rest = link;', 'let rest = link;\n  let last: string | undefined;'],
      ['if (match === null) return undefined;', 'if (match === null) return last;'],
      ["if (words.includes('next')) return target;", "if (words.includes('next')) last = target;"],
    ],
    killedBy: 'among-others',
  },
  {
    name: 'wants-one-word',
    change: [[WORDS, "[(rel?.[1] ?? rel?.[2] ?? '').toLowerCase()]"]],
    killedBy: 'words',
  },
  {
    name: 'is-content-with-nextish',
    change: [["words.includes('next')", "words.join(' ').includes('next')"]],
    killedBy: 'words',
  },
  {
    name: 'knows-lower-case-only',
    change: [[WORDS, WORDS.replace('.toLowerCase()', '')]],
    killedBy: 'case',
  },
  {
    name: 'knows-rel-in-lower-case-only',
    change: [[REL, REL.replace(/i$/, '')]],
    killedBy: 'case',
  },
  {
    name: 'wants-quotes',
    change: [["rel?.[1] ?? rel?.[2] ?? ''", "rel?.[1] ?? ''"]],
    killedBy: 'bare',
  },
  {
    name: 'wants-rel-first',
    change: [[REL, REL.replace('/;', '/^;')]],
    killedBy: 'other-parameters',
  },
  {
    name: 'wants-a-value-of-each-parameter',
    change: [[LINK, LINK.replace('*))?)*)/', '*)))*)/')]],
    killedBy: 'other-parameters',
  },
  {
    name: 'splits-at-commas-first',
    change: [
      ['let rest = link;', "let [rest = '', ...others] = link.split(',');"],
      [
        'if (match === null) return undefined;',
        "if (match === null && others.length === 0) return undefined;\n    if (match === null) {\n      rest = others.shift() ?? '';\n      continue;\n    }",
      ],
    ],
    killedBy: 'commas',
  },
  {
    name: 'wants-a-space-after-the-semicolon',
    change: [[LINK, LINK.replace(String.raw`;\s*[^`, String.raw`;\s+[^`)]],
    killedBy: 'spaces',
  },
  {
    name: 'wants-nothing-around-the-equals-sign',
    change: [[REL, String.raw`/;\s*rel=(?:"([^"]*)"|([^\s;,"]+))/i`]],
    killedBy: 'spaces',
  },
  {
    name: 'does-not-need-the-first-bracket',
    change: [[LINK, LINK.replace('<([^<>]*)>', '<?([^<>]*)>')]],
    killedBy: 'no-list',
  },
  {
    name: 'follows-to-any-host',
    change: [[ELSEWHERE, 'url === null']],
    killedBy: 'elsewhere',
  },
  {
    name: 'compares-hosts-only',
    change: [['url.origin !== page.origin', 'url.host !== page.host']],
    killedBy: 'elsewhere',
  },
  {
    name: 'ends-at-an-address-that-is-none',
    change: [
      [
        'const url = URL.parse(target, page);',
        'const url = URL.parse(target, page);\n  if (url === null) return undefined;',
      ],
    ],
    killedBy: 'elsewhere',
  },
  {
    name: 'reads-the-same-page-for-ever',
    change: [
      ['if (url.href !== page.href) return url;', 'if (url.href !== page.origin) return url;'],
    ],
    killedBy: 'itself',
  },
];
