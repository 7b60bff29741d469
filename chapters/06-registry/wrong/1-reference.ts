import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const COLON = "beforeDigest.indexOf(':', beforeDigest.lastIndexOf('/') + 1)";
const IS_DOMAIN = "/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase()";
const OFFICIAL = "domain === DEFAULT_DOMAIN && path !== '' && !path.includes('/')";
const AMBIGUOUS = "others.length > 0 && (first.includes('.') || first === 'localhost')";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'gives-every-path-the-prefix',
    change: [[OFFICIAL, "domain === DEFAULT_DOMAIN && path !== ''"]],
    killedBy: 'short-name',
  },
  {
    name: 'takes-any-first-part-for-a-domain',
    change: [[IS_DOMAIN, 'slash >= 0']],
    killedBy: 'short-name',
  },
  {
    name: 'forgets-localhost',
    change: [[" || first === 'localhost' || first !== first", ' || first !== first']],
    killedBy: 'domain',
  },
  {
    name: 'forgets-upper-case-hosts',
    change: [[' || first !== first.toLowerCase()', '']],
    killedBy: 'domain',
  },
  {
    name: 'has-the-colon-in-the-tag',
    change: [['beforeDigest.slice(colon + 1)', 'beforeDigest.slice(colon)']],
    killedBy: 'tag',
  },
  {
    name: 'takes-a-port-for-a-tag',
    change: [[COLON, "beforeDigest.indexOf(':')"]],
    killedBy: 'port',
  },
  {
    name: 'takes-the-last-colon-for-the-tag',
    change: [[COLON, "beforeDigest.lastIndexOf(':')"]],
    killedBy: 'port',
  },
  {
    name: 'cuts-the-tag-off-before-the-digest',
    change: [
      [
        "const at = text.indexOf('@');",
        "const at = text.includes(':') && text.indexOf(':') < text.indexOf('@') ? -1 : text.indexOf('@');",
      ],
    ],
    killedBy: 'digest',
  },
  {
    name: 'forgets-the-old-name',
    change: [['isDomain && first !== LEGACY_DEFAULT_DOMAIN ? first', 'isDomain ? first']],
    killedBy: 'another-name',
  },
  {
    name: 'has-the-prefix-only-without-a-domain',
    change: [[OFFICIAL, "!isDomain && path !== '' && !path.includes('/')"]],
    killedBy: 'another-name',
  },
  {
    name: 'has-the-prefix-everywhere',
    change: [[OFFICIAL, "path !== '' && !path.includes('/')"]],
    killedBy: 'only-there',
  },
  {
    name: 'takes-an-id-for-a-name',
    change: [
      [
        "  if (/^[\\da-f]{64}$/.test(text)) refuse(text, 'it is the id of an image, not a name');\n",
        '',
      ],
    ],
    killedBy: 'an-id',
  },
  {
    name: 'sees-an-id-anywhere',
    change: [['if (/^[\\da-f]{64}$/.test(text))', 'if (/[\\da-f]{64}$/.test(text))']],
    killedBy: 'digest',
  },
  {
    name: 'makes-it-lower-case-silently',
    change: [
      [
        '    refuse(text, `a repository has no upper-case letters: write ${path.toLowerCase()}`);\n',
        '    return parseReference(text.toLowerCase());\n',
      ],
    ],
    killedBy: 'upper-case',
  },
  {
    name: 'gives-no-advice',
    change: [[': write ${path.toLowerCase()}', '']],
    killedBy: 'upper-case',
  },
  {
    name: 'leaves-empty-parts-out',
    change: [["path.split('/').every", "path.split('/').filter((part) => part !== '').every"]],
    killedBy: 'path-form',
  },
  {
    name: 'looks-at-the-last-part-only',
    change: [["path.split('/').every", "path.split('/').slice(-1).every"]],
    killedBy: 'path-form',
  },
  {
    name: 'does-not-look-at-the-domain',
    change: [['!DOMAIN.test(domain)', 'false']],
    killedBy: 'domain-form',
  },
  {
    name: 'measures-what-was-typed',
    change: [
      ['domain.length + 1 + path.length > MAX_NAME_LENGTH', 'text.length > MAX_NAME_LENGTH'],
    ],
    killedBy: 'length',
  },
  {
    name: 'measures-the-path-alone',
    change: [['domain.length + 1 + path.length >', 'path.length >']],
    killedBy: 'length',
  },
  {
    name: 'takes-an-empty-tag-for-none',
    change: [
      ['tag !== undefined && !isTag(tag)', "tag !== undefined && tag !== '' && !isTag(tag)"],
    ],
    killedBy: 'tag-form',
  },
  {
    name: 'takes-an-empty-digest-for-none',
    change: [['const digest = at < 0 ?', 'const digest = at < 0 || at === text.length - 1 ?']],
    killedBy: 'digest-form',
  },
  {
    name: 'leaves-the-prefix-out-everywhere',
    change: [
      [
        '  if (reference.domain !== DEFAULT_DOMAIN) return name;\n',
        "  if (reference.domain !== DEFAULT_DOMAIN) return name.replace('/library/', '/');\n",
      ],
    ],
    killedBy: 'familiar',
  },
  {
    name: 'forgets-the-tag',
    change: [
      [
        'const name = canonicalName(reference);',
        'const name = canonicalName({ domain: reference.domain, path: reference.path });',
      ],
    ],
    killedBy: 'familiar',
  },
  {
    name: 'leaves-the-prefix-out-before-two-parts',
    change: [['others.length !== 1 || !short', '!short']],
    killedBy: 'one-part',
  },
  {
    name: 'makes-a-domain-of-an-owner',
    change: [[AMBIGUOUS, 'false']],
    killedBy: 'as-a-domain',
  },
  {
    name: 'forgets-that-localhost-is-a-domain',
    change: [["(first.includes('.') || first === 'localhost')", "first.includes('.')"]],
    killedBy: 'as-a-domain',
  },
  {
    name: 'makes-an-id-of-a-name',
    change: [['return /^[\\da-f]{64}$/.test(shortest) ? short : shortest;', 'return shortest;']],
    killedBy: 'as-an-id',
  },
];
