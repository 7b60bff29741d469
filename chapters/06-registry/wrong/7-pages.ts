import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const LINK = String.raw`/^[\s,]*<([^<>]*)>((?:\s*;\s*[^\s;,="]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/`;
const PARAMETER = String.raw`/;\s*([^\s;,="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g`;
const WORDS = "(quoted ?? word).toLowerCase().split(' ')";
const IS_REL = "name.toLowerCase() === 'rel'";
const IS_NEXT = `${IS_REL} && words.includes('next')`;
const ELSEWHERE = 'url === null || url.origin !== page.origin';
const NAMED = " || url.username !== '' || url.password !== ''";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'leaves-the-brackets',
    change: [['URL.parse(target, page)', 'URL.parse(`<${target}>`, page)']],
    killedBy: 'next',
  },
  {
    name: 'takes-any-rel',
    change: [[IS_NEXT, IS_REL]],
    killedBy: 'last',
  },
  {
    name: 'looks-for-next-anywhere',
    change: [[IS_NEXT, "whole.includes('next')"]],
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
      [`if (${IS_NEXT}) return target;`, `if (${IS_NEXT}) last = target;`],
    ],
    killedBy: 'among-others',
  },
  {
    name: 'wants-one-word',
    change: [[WORDS, '[(quoted ?? word).toLowerCase()]']],
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
    change: [[IS_REL, "(name === 'rel' || name === 'REL')"]],
    killedBy: 'case',
  },
  {
    name: 'wants-quotes',
    change: [['(quoted ?? word)', "(quoted ?? (word && ''))"]],
    killedBy: 'bare',
  },
  {
    name: 'wants-rel-first',
    change: [[PARAMETER, PARAMETER.replace('/;', '/^;')]],
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
    name: 'finds-a-parameter-in-quotes',
    change: [
      [
        'parameters.matchAll(PARAMETER)',
        String.raw`parameters.matchAll(/;\s*(rel)\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/gi)`,
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
    change: [[PARAMETER, PARAMETER.replace(String.raw`\s*=\s*`, '=')]],
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
    name: 'takes-a-name-along',
    change: [[NAMED, '']],
    killedBy: 'elsewhere',
  },
  {
    name: 'ends-a-quoted-value-at-the-first-quote',
    change: [
      [LINK, LINK.replace(String.raw`"(?:[^"\\]|\\.)*"`, '"[^"]*"')],
      [PARAMETER, PARAMETER.replace(String.raw`"((?:[^"\\]|\\.)*)"`, '"([^"]*)"')],
    ],
    killedBy: 'commas',
  },
  {
    name: 'takes-a-fragment-for-another-page',
    change: [["url.hash = '';", '']],
    killedBy: 'itself',
  },
  {
    name: 'reads-the-same-page-for-ever',
    change: [
      ['if (url.href !== page.href) return url;', 'if (url.href !== page.origin) return url;'],
    ],
    killedBy: 'itself',
  },
];
