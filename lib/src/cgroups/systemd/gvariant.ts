/**
 * GVariant text, the notation of property values in annotations: `uint64 5`, `'text'`, `true`,
 * `['a', 'b']`, `@as []`, `('a', 1)`, `<'boxed'>`.
 *
 * Numbers are int32, or double with a point or an exponent, unless a keyword says otherwise or the
 * surrounding type does. docs.gtk.org/glib/gvariant-text-format.html. Pure.
 */
import { splitSignature, type DBusValue, type DBusVariant } from '../../sys/index.ts';

const KEYWORDS: Readonly<Record<string, string>> = {
  boolean: 'b',
  byte: 'y',
  int16: 'n',
  uint16: 'q',
  int32: 'i',
  uint32: 'u',
  handle: 'h',
  int64: 'x',
  uint64: 't',
  double: 'd',
  string: 's',
  objectpath: 'o',
  signature: 'g',
};

const TOKEN =
  /\s*(?:(@[a-z(){}]+)|([[\](),<>])|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|([-+]?[\w.][\w.+-]*))/y;

/** Reads one value. Undefined for what is no GVariant text, or is of a kind that D-Bus lacks. */
export function parseGVariant(text: string): DBusVariant | undefined {
  const parser = new Parser(text);
  const value = parser.value(undefined);
  return value !== undefined && parser.atEnd() ? value : undefined;
}

class Parser {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#text.slice(this.#position).trim() === '';
  }

  /** @param type what the surroundings say that it is. */
  value(type: string | undefined): DBusVariant | undefined {
    const token = this.#next();
    if (token === undefined) return undefined;
    if (token.startsWith('@')) return this.#typed(token.slice(1), type);
    const named = KEYWORDS[token];
    if (named !== undefined) return this.#typed(named, type);
    if (/^['"]/.test(token)) return stringOf(token, type ?? 's');
    switch (token) {
      case '[':
        return this.#list(type);
      case '(':
        return this.#tuple(type);
      case '<':
        return this.#boxed(type);
      case 'true':
      case 'false':
        return type === undefined || type === 'b'
          ? { signature: 'b', value: token === 'true' }
          : undefined;
      default:
        return numberOf(token, type);
    }
  }

  #typed(type: string, outer: string | undefined): DBusVariant | undefined {
    if (outer !== undefined && outer !== type) return undefined;
    return isSignature(type) ? this.value(type) : undefined;
  }

  /** The first element gives the type to the others. */
  #list(type: string | undefined): DBusVariant | undefined {
    if (type !== undefined && !type.startsWith('a')) return undefined;
    let element = type?.slice(1);
    const values: DBusValue[] = [];
    while (!this.#skip(']')) {
      if (values.length > 0 && !this.#skip(',')) return undefined;
      const item = this.value(element);
      if (item === undefined) return undefined;
      element = item.signature;
      values.push(item.value);
    }
    return element === undefined ? undefined : { signature: `a${element}`, value: values };
  }

  #tuple(type: string | undefined): DBusVariant | undefined {
    const types = type?.startsWith('(') === true ? splitSignature(type.slice(1, -1)) : undefined;
    if (type !== undefined && types === undefined) return undefined;
    const items: DBusVariant[] = [];
    while (!this.#skip(')')) {
      if (items.length > 0 && !this.#skip(',')) return undefined;
      if (items.length > 0 && this.#skip(')')) break;
      const item = this.value(types?.[items.length]);
      if (item === undefined) return undefined;
      items.push(item);
    }
    const signature = `(${items.map((item) => item.signature).join('')})`;
    const fits = items.length > 0 && (type === undefined || type === signature);
    return fits ? { signature, value: items.map((item) => item.value) } : undefined;
  }

  #boxed(type: string | undefined): DBusVariant | undefined {
    if (type !== undefined && type !== 'v') return undefined;
    const value = this.value(undefined);
    return value !== undefined && this.#skip('>') ? { signature: 'v', value } : undefined;
  }

  #next(): string | undefined {
    TOKEN.lastIndex = this.#position;
    const match = TOKEN.exec(this.#text);
    if (match === null) return undefined;
    this.#position = TOKEN.lastIndex;
    return match[0].trim();
  }

  #skip(token: string): boolean {
    const before = this.#position;
    if (this.#next() === token) return true;
    this.#position = before;
    return false;
  }
}

function isSignature(type: string): boolean {
  try {
    return splitSignature(type).length === 1;
  } catch {
    return false;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function stringOf(token: string, type: string): DBusVariant | undefined {
  if (!'sog'.includes(type)) return undefined;
  const inner = token.slice(1, -1);
  const value = inner.replace(
    /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/gs,
    (_, short?: string, long?: string, letter: string = '') => {
      const code = short ?? long;
      if (code === undefined) return ESCAPES[letter] ?? letter;
      return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10_ffff));
    },
  );
  return value.includes('\0') ? undefined : { signature: type, value };
}

/** Smallest and largest number of each whole type. */
const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  y: [0n, 0xffn],
  n: [-0x8000n, 0x7fffn],
  q: [0n, 0xffffn],
  i: [-0x8000_0000n, 0x7fff_ffffn],
  h: [-0x8000_0000n, 0x7fff_ffffn],
  u: [0n, 0xffff_ffffn],
  x: [-0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn],
  t: [0n, 0xffff_ffff_ffff_ffffn],
};

function numberOf(token: string, type: string | undefined): DBusVariant | undefined {
  const whole = /^([-+]?)(0x[\da-f]+|\d+)$/i.exec(token);
  if (type === 'd' || (type === undefined && whole === null)) {
    const isNumber = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(token);
    return isNumber ? { signature: 'd', value: Number(token) } : undefined;
  }
  const [signature, range] = [type ?? 'i', RANGES[type ?? 'i']];
  if (whole === null || range === undefined) return undefined;
  const size = BigInt(octalAware(whole[2] ?? '0'));
  const value = whole[1] === '-' ? -size : size;
  return value >= range[0] && value <= range[1] ? { signature, value } : undefined;
}

/** As in C, `010` is eight. */
function octalAware(digits: string): string {
  return /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
}
