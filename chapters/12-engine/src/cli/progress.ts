/**
 * One line for each thing that is on its way. On a terminal the lines stay where they are and change;
 * elsewhere each change of state is a line of its own, and nothing counts up.
 */
import chalk from 'chalk';
import { size } from './format.ts';

export interface Line {
  readonly state: string;
  /** Bytes done, while it runs. */
  readonly done?: number;
  /** Of so many, if that is known. */
  readonly total?: number;
}

/** Milliseconds between two drawings: a person sees no more, and a terminal takes time. */
const INTERVAL = 80;

export class Progress implements Disposable {
  readonly #out: NodeJS.WriteStream | 'silent';
  readonly #lines = new Map<string, Line>();
  #drawn = 0;
  #last = 0;

  /** @param out stderr: what a command answers goes to stdout. */
  constructor(out: NodeJS.WriteStream | 'silent' = process.stderr) {
    this.#out = out;
  }

  set(name: string, line: Line): void {
    const before = this.#lines.get(name)?.state;
    this.#lines.set(name, line);
    if (this.#out === 'silent') return;
    if (!this.#out.isTTY) {
      if (before !== line.state) this.#out.write(`${name}: ${line.state}\n`);
      return;
    }
    const now = performance.now();
    if (before === line.state && now - this.#last < INTERVAL) return;
    this.#last = now;
    this.#draw(this.#out);
  }

  /** Draws the last state. */
  [Symbol.dispose](): void {
    if (this.#out !== 'silent' && this.#out.isTTY && this.#lines.size > 0) this.#draw(this.#out);
  }

  #draw(out: NodeJS.WriteStream): void {
    const lines = [...this.#lines].map(
      ([name, line]) => `${name}: ${describe(line, out.columns - 16)}`,
    );
    const up = this.#drawn > 0 ? `\u001B[${this.#drawn}A` : '';
    out.write(`${up}${lines.map((line) => `\u001B[2K${line}\n`).join('')}`);
    this.#drawn = lines.length;
  }
}

function describe({ state, done, total }: Line, width: number): string {
  if (done === undefined || total === 0) return state;
  if (total === undefined) return `${state} ${size(done)}`;
  const numbers = `${size(done)}/${size(total)}`;
  const room = Math.min(40, width - state.length - numbers.length - 4);
  if (room < 5) return `${state} ${numbers}`;
  const filled = Math.min(room, Math.round((done / total) * room));
  const bar = chalk.cyan('='.repeat(filled)) + ' '.repeat(room - filled);
  return `${state} [${bar}] ${numbers}`;
}
