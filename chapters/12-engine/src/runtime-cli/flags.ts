/**
 * The flags of a command line, as urfave/cli (which is runc's) and Go's flag package read them.
 *
 * One dash or two mean the same: `-bundle x`, `--bundle=x`, `-b x`. A bool takes a value only after
 * `=`. `--` ends the flags. Callers build command lines for that parser, so its texts are kept too.
 */
import { CoracleError } from 'coracle/base';
import { parseDuration, parseWhole } from './numbers.ts';

/** `strings` and `wholes` may be given more than once; a duration is written `1m30s`. */
type FlagKind = 'bool' | 'string' | 'strings' | 'whole' | 'wholes' | 'duration';

export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly kind: FlagKind;
  /** One line of help. */
  readonly usage: string;
  /** What holds when it is not given, as help shows it. */
  readonly default?: string;
  /** Understood, but left out of help. */
  readonly hidden?: boolean;
}

/** A command line that cannot be understood; help goes before its message. */
export class UsageError extends CoracleError {
  constructor(message: string) {
    super('USAGE', message);
  }
}

/** What was given. A getter of a name that the command does not have answers "not given". */
export class FlagValues {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]> = new Map()) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The last value; an empty one counts as not given, as it does for runc. */
  string(name: string): string | undefined {
    const value = this.#values.get(name)?.at(-1);
    return value === '' ? undefined : value;
  }

  strings(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  bool(name: string): boolean {
    return parseBool(this.#values.get(name)?.at(-1) ?? 'false') ?? false;
  }

  whole(name: string): number | undefined {
    const value = this.#values.get(name)?.at(-1);
    return value === undefined ? undefined : parseWhole(value);
  }

  wholes(name: string): number[] {
    return this.strings(name).map((value) => parseWhole(value) ?? 0);
  }

  /** Milliseconds. */
  duration(name: string): number | undefined {
    const value = this.#values.get(name)?.at(-1);
    return value === undefined ? undefined : parseDuration(value);
  }
}

export interface Parsed {
  readonly values: FlagValues;
  /** What is no flag, in its order. */
  readonly args: readonly string[];
  /** `-h` or `--help` was among the flags. */
  readonly help: boolean;
}

/**
 * Separates flags from arguments.
 *
 * @param stopAtFirst everything from the first argument on is an argument, dashes or not; otherwise
 *   flags may also follow arguments.
 * @throws UsageError in the words of Go's flag package.
 */
export function parseFlags(
  flags: readonly Flag[],
  argv: readonly string[],
  stopAtFirst: boolean,
): Parsed {
  const values = new Map<string, string[]>();
  const args: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const token = argv[at] ?? '';
    if (token === '--') return finish(values, [...args, ...argv.slice(at + 1)]);
    if (token === '-' || !token.startsWith('-')) {
      if (stopAtFirst) return finish(values, [...args, ...argv.slice(at)]);
      args.push(token);
      continue;
    }
    const { name, inline } = split(token);
    const flag = find(flags, name);
    if (flag === HELP) return { values: new FlagValues(values), args, help: true };
    let value = inline ?? (flag.kind === 'bool' ? 'true' : undefined);
    if (value === undefined) {
      at += 1;
      value = argv[at];
    }
    if (value === undefined) throw new UsageError(`flag needs an argument: -${name}`);
    check(flag, name, value);
    const earlier = values.get(flag.name);
    if (earlier === undefined) values.set(flag.name, [value]);
    else earlier.push(value);
  }
  return finish(values, args);
}

function finish(values: Map<string, string[]>, args: readonly string[]): Parsed {
  return { values: new FlagValues(values), args, help: false };
}

/** `--name=value` → its parts. */
function split(token: string): { name: string; inline: string | undefined } {
  const text = token.slice(token.startsWith('--') ? 2 : 1);
  if (text === '' || text.startsWith('-') || text.startsWith('=')) {
    throw new UsageError(`bad flag syntax: ${token}`);
  }
  const equals = text.indexOf('=');
  if (equals < 0) return { name: text, inline: undefined };
  return { name: text.slice(0, equals), inline: text.slice(equals + 1) };
}

export const HELP: Flag = { name: 'help', short: 'h', kind: 'bool', usage: 'show help' };

function find(flags: readonly Flag[], name: string): Flag {
  const named = (flag: Flag): boolean => flag.name === name || flag.short === name;
  const flag = flags.find(named) ?? (named(HELP) ? HELP : undefined);
  if (flag !== undefined) return flag;
  throw new UsageError(`flag provided but not defined: -${name}`);
}

/** Go's text, and what to write instead. */
function check({ kind }: Flag, name: string, value: string): void {
  const { parse, hint } = KINDS[kind];
  if (parse(value) !== undefined) return;
  const shown = JSON.stringify(value);
  const complaint =
    kind === 'bool'
      ? `invalid boolean value ${shown} for -${name}: parse error`
      : `invalid value ${shown} for flag -${name}: parse error`;
  throw new UsageError(`${complaint}; ${hint}`);
}

interface Kind {
  readonly parse: (text: string) => unknown;
  readonly hint: string;
}

const TEXT: Kind = { parse: (text) => text, hint: '' };
const WHOLE: Kind = { parse: parseWhole, hint: 'give a whole number' };
const KINDS: Readonly<Record<FlagKind, Kind>> = {
  bool: { parse: parseBool, hint: 'give true or false' },
  string: TEXT,
  strings: TEXT,
  whole: WHOLE,
  wholes: WHOLE,
  duration: { parse: parseDuration, hint: 'give a duration such as 5s or 1m30s' },
};

/** The spellings of Go's strconv.ParseBool. */
function parseBool(value: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)) return false;
  return undefined;
}
