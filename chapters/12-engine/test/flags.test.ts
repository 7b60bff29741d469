/** Command lines as Go's flag package and urfave/cli read them. */
import { describe, expect, it } from 'vitest';
import { FlagValues, parseFlags, UsageError, type Flag } from '../src/runtime-cli/flags.ts';

const FLAGS: readonly Flag[] = [
  { name: 'bundle', short: 'b', kind: 'string', usage: '' },
  { name: 'env', short: 'e', kind: 'strings', usage: '' },
  { name: 'force', short: 'f', kind: 'bool', usage: '' },
  { name: 'preserve-fds', kind: 'whole', usage: '' },
  { name: 'additional-gids', short: 'g', kind: 'wholes', usage: '' },
  { name: 'interval', kind: 'duration', usage: '' },
];

const parse = (line: string, stopAtFirst = false) =>
  parseFlags(FLAGS, line.split(' ').filter(Boolean), stopAtFirst);

describe('a flag with a value', () => {
  it.each([
    '--bundle /b box',
    '-bundle /b box',
    '--bundle=/b box',
    '-bundle=/b box',
    '-b /b box',
    '-b=/b box',
    '--b /b box',
    'box --bundle /b',
    '--bundle /a --bundle /b box',
  ])('is read from %s', (line) => {
    const { values, args } = parse(line);
    expect(values.string('bundle')).toBe('/b');
    expect(args).toEqual(['box']);
  });

  it('may have a value that begins with a dash, or has an equals sign', () => {
    expect(parse('--bundle --force').values.string('bundle')).toBe('--force');
    expect(parse('--env=A=1').values.strings('env')).toEqual(['A=1']);
  });

  it('counts as not given when its value is empty', () => {
    const { values } = parse('--bundle= box');
    expect(values.string('bundle')).toBeUndefined();
    expect(values.has('bundle')).toBe(true);
  });
});

describe('a flag that may be repeated', () => {
  it('keeps its values in their order, commas and all', () => {
    expect(parse('-e A=1,2 --env B=3').values.strings('env')).toEqual(['A=1,2', 'B=3']);
  });

  it('reads numbers in every base of Go', () => {
    const { values } = parse('-g 10 -g 0x10 -g 010 -g 0b10');
    expect(values.wholes('additional-gids')).toEqual([10, 16, 8, 2]);
  });
});

describe('a switch', () => {
  it.each([
    ['box', false],
    ['--force box', true],
    ['-f box', true],
    ['--force=false box', false],
    ['--force=T box', true],
    ['--force --force=0 box', false],
  ])('%s is %s', (line, expected) => {
    const { values, args } = parse(line);
    expect(values.bool('force')).toBe(expected);
    expect(args).toEqual(['box']);
  });
});

describe('arguments', () => {
  it('begin for good after two dashes', () => {
    expect(parse('-f -- -b box').args).toEqual(['-b', 'box']);
  });

  it('may be one dash', () => {
    expect(parse('- -f').args).toEqual(['-']);
  });

  it('take everything after them along where they are a command line of their own', () => {
    const { values, args } = parse('-b /b box ls -f --env x', true);
    expect(args).toEqual(['box', 'ls', '-f', '--env', 'x']);
    expect(values.bool('force')).toBe(false);
  });
});

describe('help', () => {
  it.each(['-h', '--help', '-help', 'box --help', '--help --nonsense'])(
    'is asked by %s',
    (line) => {
      expect(parse(line).help).toBe(true);
    },
  );

  it('is not asked by the arguments of another program', () => {
    expect(parse('box ls --help', true).help).toBe(false);
  });
});

describe('a wrong line', () => {
  it.each([
    ['--bundel /b', 'flag provided but not defined: -bundel'],
    ['box --bundel', 'flag provided but not defined: -bundel'],
    ['box -b', 'flag needs an argument: -b'],
    ['---force', 'bad flag syntax: ---force'],
    ['--=1', 'bad flag syntax: --=1'],
    ['--force=ja', 'invalid boolean value "ja" for -force: parse error; give true or false'],
    [
      '--preserve-fds 1.5',
      'invalid value "1.5" for flag -preserve-fds: parse error; give a whole number',
    ],
    [
      '--interval 5',
      'invalid value "5" for flag -interval: parse error; give a duration such as 5s or 1m30s',
    ],
  ])('%s is refused', (line, message) => {
    expect(() => parse(line)).toThrow(new UsageError(message));
  });
});

it('values of a command without flags are not given', () => {
  const none = new FlagValues();
  expect([none.string('x'), none.whole('x'), none.duration('x')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(none.bool('x')).toBe(false);
});
