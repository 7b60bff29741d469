import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const NAME = 'platform.architecture.toLowerCase()';
const WRITTEN = "(platform.variant ?? '').toLowerCase().replace(/^(?=[0-9])/, 'v')";
const CHOSEN = "written === '' ? implied : written";
const RESULT =
  "return variant === '' || variant === BASELINE[architecture] ? rest : { ...rest, variant };";
const NUMBER = String.raw`/\d+/.exec(variant)?.[0] ?? 0`;
const BETTER = 'best === undefined || level > best.level';
const SAME = 'os !== machine.os || architecture !== machine.architecture';
const RUNS = 'return level <= levelOf(machine.variant) ? level : undefined;';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'knows-no-other-words',
    change: [['alias ?? [name]', '[name]']],
    killedBy: 'words',
  },
  {
    name: 'has-no-name-for-what-is-not-in-the-table',
    change: [['alias ?? [name]', "alias ?? ['unknown']"]],
    killedBy: 'words',
  },
  {
    name: 'finds-what-every-object-has',
    change: [['Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined', 'ALIASES[name]']],
    killedBy: 'no-word',
  },
  {
    name: 'looks-up-before-it-lowers',
    change: [[NAME, 'platform.architecture']],
    killedBy: 'case',
  },
  {
    name: 'leaves-the-system-as-it-is',
    change: [['os: platform.os.toLowerCase() }', 'os: platform.os }']],
    killedBy: 'case',
  },
  {
    name: 'leaves-the-variant-as-it-is',
    change: [[WRITTEN, "(platform.variant ?? '').replace(/^(?=[0-9])/, 'v')"]],
    killedBy: 'case',
  },
  {
    name: 'adds-no-v',
    change: [[WRITTEN, "(platform.variant ?? '').toLowerCase()"]],
    killedBy: 'variant',
  },
  {
    name: 'adds-a-v-to-everything',
    change: [[WRITTEN, WRITTEN.replace('/^(?=[0-9])/', '/^(?=[^v])/')]],
    killedBy: 'variant',
  },
  {
    name: 'forgets-what-the-word-implies',
    change: [[CHOSEN, 'written']],
    killedBy: 'implied',
  },
  {
    name: 'takes-an-empty-variant-for-one',
    change: [[CHOSEN, 'platform.variant === undefined ? implied : written']],
    killedBy: 'implied',
  },
  {
    name: 'prefers-what-the-word-implies',
    change: [[CHOSEN, "implied === '' ? written : implied"]],
    killedBy: 'case',
  },
  {
    name: 'keeps-the-baseline',
    change: [[' || variant === BASELINE[architecture]', '']],
    killedBy: 'baseline',
  },
  {
    name: 'asks-for-the-baseline-by-the-given-word',
    change: [['BASELINE[architecture]', 'BASELINE[name]']],
    killedBy: 'baseline',
  },
  {
    name: 'leaves-out-any-v8',
    change: [['variant === BASELINE[architecture]', 'Object.values(BASELINE).includes(variant)']],
    killedBy: 'baseline',
  },
  {
    name: 'returns-an-empty-variant',
    change: [
      [RESULT, "return { ...rest, variant: variant === BASELINE[architecture] ? '' : variant };"],
    ],
    killedBy: 'words',
  },
  {
    name: 'leaves-the-empty-variant-in',
    change: [
      [
        RESULT,
        "return (variant === '' && platform.variant !== '') || variant === BASELINE[architecture] ? rest : { ...rest, variant };",
      ],
    ],
    killedBy: 'no-variant',
  },
  {
    name: 'loses-the-version-of-the-system',
    change: [['{ ...platform, architecture, os:', "{ variant: '', architecture, os:"]],
    killedBy: 'the-rest',
  },
  {
    name: 'returns-the-first-at-hand',
    change: [['return best?.manifest;', 'return best?.manifest ?? manifests[0];']],
    killedBy: 'the-same',
  },
  {
    name: 'compares-no-architecture',
    change: [[SAME, 'os !== machine.os']],
    killedBy: 'the-same',
  },
  {
    name: 'compares-no-system',
    change: [[SAME, 'architecture !== machine.architecture']],
    killedBy: 'other-system',
  },
  {
    name: 'does-not-normalize-what-is-offered',
    change: [['= normalizePlatform(platform);', '= platform;']],
    killedBy: 'both-sides',
  },
  {
    name: 'does-not-normalize-what-is-wanted',
    change: [['normalizePlatform(wanted)', 'wanted']],
    killedBy: 'both-sides',
  },
  {
    name: 'wants-the-same-variant',
    change: [[RUNS, 'return variant === machine.variant ? level : undefined;']],
    killedBy: 'lower-variant',
  },
  {
    name: 'takes-no-variant-for-any',
    change: [['?.[0] ?? 0', '?.[0] ?? 99']],
    killedBy: 'lower-variant',
  },
  {
    name: 'takes-any-variant',
    change: [[RUNS, 'return level;']],
    killedBy: 'higher-variant',
  },
  {
    name: 'takes-the-first-that-runs',
    change: [[BETTER, 'best === undefined']],
    killedBy: 'the-highest',
  },
  {
    name: 'takes-the-lowest',
    change: [[BETTER, 'best === undefined || level < best.level']],
    killedBy: 'the-highest',
  },
  {
    name: 'compares-variants-as-one-digit',
    change: [[String.raw`/\d+/`, String.raw`/\d/`]],
    killedBy: 'the-highest',
  },
  {
    name: 'joins-all-digits',
    change: [[NUMBER, String.raw`variant.replaceAll(/\D/g, '')`]],
    killedBy: 'first-number',
  },
  {
    name: 'takes-a-fraction',
    change: [[NUMBER, String.raw`/[\d.]+/.exec(variant)?.[0] ?? 0`]],
    killedBy: 'first-number',
  },
  {
    name: 'takes-one-letter-away',
    change: [[NUMBER, 'Number.parseInt(variant.slice(1) || "0", 10)']],
    killedBy: 'first-number',
  },
  {
    name: 'takes-the-last-of-equals',
    change: [[BETTER, 'best === undefined || level >= best.level']],
    killedBy: 'first-of-equals',
  },
  {
    name: 'refuses-what-has-no-platform',
    change: [
      ['if (platform === undefined) return -1;', 'if (platform === undefined) return undefined;'],
    ],
    killedBy: 'without-platform',
  },
  {
    name: 'takes-what-has-no-platform-for-a-match',
    change: [['if (platform === undefined) return -1;', 'if (platform === undefined) return 0;']],
    killedBy: 'without-platform',
  },
  {
    name: 'takes-unknown-for-unsaid',
    change: [
      [
        'if (platform === undefined) return -1;',
        "if (platform === undefined || platform.os === 'unknown') return -1;",
      ],
    ],
    killedBy: 'unknown',
  },
];
