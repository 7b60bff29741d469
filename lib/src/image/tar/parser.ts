/**
 * A parser as a generator: it says how many bytes it wants, and goes on when they are there. So it
 * reads like one that reads a file, and still takes its bytes as they come.
 */

/** What a parser waits for: so many bytes at once, or any of the next so many. */
export interface Want {
  readonly count: number;
  readonly whole: boolean;
  /** Whether the archive may end here. */
  readonly mayEnd?: boolean;
}

export type Parser<T> = Generator<Want, T, Uint8Array>;

/** Feeds a parser. */
export class Feeder {
  readonly #parser: Parser<void>;
  #want: Want | undefined;
  /** The beginning of what is wanted as a whole. */
  #gathered: Uint8Array[] = [];
  #size = 0;

  constructor(parser: Parser<void>) {
    this.#parser = parser;
    this.#advance(parser.next());
  }

  /** Whether nothing more is wanted, or the end would be no loss. */
  get mayEnd(): boolean {
    return this.#want === undefined || (this.#want.mayEnd === true && this.#size === 0);
  }

  /** What comes after the parser's end is passed over. The parser may keep no bytes that it got. */
  write(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0 && this.#want !== undefined) {
      const piece = rest.subarray(0, this.#want.count - this.#size);
      rest = rest.subarray(piece.length);
      if (this.#want.whole && this.#size + piece.length < this.#want.count) {
        // The rest comes with another call, when the caller may have used these bytes again.
        this.#gathered.push(Uint8Array.from(piece));
        this.#size += piece.length;
      } else {
        const whole =
          this.#gathered.length === 0 ? piece : Buffer.concat([...this.#gathered, piece]);
        this.#gathered = [];
        this.#size = 0;
        this.#advance(this.#parser.next(whole));
      }
    }
  }

  #advance(result: IteratorResult<Want, void>): void {
    this.#want = result.done === true ? undefined : result.value;
  }
}
