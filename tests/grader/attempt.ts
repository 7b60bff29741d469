/**
 * One check's run: asks the learner's process, writes down each step, and says what was expected.
 *
 * The same steps can be asked of the reference, in a process of the same kind: that is how a
 * program is compared, and how random input has an answer.
 */
import { isDeepStrictEqual, inspect } from 'node:util';
import { LearnerError, type LearnerProcess } from './learner/process.ts';
import { NO_FUNCTION, type ProgramView, type Request, type Thrown } from './learner/protocol.ts';

/** What the check saw was not what it expected. */
export class CheckFailure extends Error {
  readonly expected: string;
  readonly seen: string;

  constructor(expected: string, seen: string) {
    super(`expected ${expected}; seen ${seen}`);
    this.name = 'CheckFailure';
    this.expected = expected;
    this.seen = seen;
  }
}

/** What the check needs is not on this machine: it is not run. The message says what is missing. */
export class NotHere extends Error {}

/** A value that is long when written out, and the words that stand for it in a report. */
class Named {
  readonly words: string;
  readonly value: unknown;

  constructor(words: string, value: unknown) {
    this.words = words;
    this.value = value;
  }
}

/** `value`, shown in reports as `words`. */
export function named(words: string, value: unknown): Named {
  return new Named(words, value);
}

/** Processes that do what a step asks, started when they are needed. */
export interface Contestants {
  learner(): Promise<LearnerProcess>;
  reference(): Promise<LearnerProcess>;
}

/** Where a program first parts from the reference. */
export interface Divergence {
  readonly index: number;
  readonly mine: string | undefined;
  readonly reference: string | undefined;
}

export class Attempt {
  /** What was done, in words. */
  readonly steps: string[] = [];
  /** What the kernel or the process said, to be shown with a failure. */
  readonly evidence: string[] = [];
  /** What came of the steps that give data: the place of the step, from 0 on, and the value. */
  readonly answers: { readonly step: number; readonly value: unknown }[] = [];
  readonly #contestants: Contestants;
  readonly #driver: string | undefined;
  readonly #says: Readonly<Record<string, string>>;
  #expected = 0;
  #lastRequest: Request | undefined;
  #lastProgram: { request: Request; view: ProgramView } | undefined;

  /** @param says the exercise's words in the learner's language, by the keys that checks use. */
  constructor(contestants: Contestants, says: Readonly<Record<string, string>>, driver?: string) {
    this.#contestants = contestants;
    this.#says = says;
    this.#driver = driver;
  }

  /** Calls a function of the learner's, with data, and returns data. */
  async call(name: string, ...args: unknown[]): Promise<unknown> {
    this.steps.push(`${name}(${args.map(show).join(', ')})`);
    const value = await this.#ask({ kind: 'call', name, args: args.map(plain) });
    this.answer(value);
    return value;
  }

  /** Notes what the last step gave. */
  answer(value: unknown): void {
    this.answers.push({ step: this.steps.length - 1, value });
  }

  /** Has the learner's function fill a new program. */
  async program(name: string, ...args: unknown[]): Promise<ProgramView> {
    this.steps.push(`${name}(${['program', ...args.map(show)].join(', ')})`);
    return this.#askProgram({ kind: 'program', name, args: args.map(plain) });
  }

  /**
   * Calls a function of the exercise's driver, which gets the learner's module and `input`.
   *
   * @param step a key of `says`: what is done, in words; or `named` with the same as code.
   */
  async drive(step: string | Named, name: string, input?: unknown): Promise<unknown> {
    this.steps.push(this.#stepText(step));
    const value = await this.#ask(this.#driveRequest(name, input));
    this.answer(value);
    return value;
  }

  /** The same, for a driver that returns a program. */
  async driveProgram(step: string | Named, name: string, input?: unknown): Promise<ProgramView> {
    this.steps.push(this.#stepText(step));
    return this.#askProgram(this.#driveRequest(name, input));
  }

  /** The function must throw; what it threw is returned. `expected` is a key of `says`. */
  async throws(expected: string, name: string, ...args: unknown[]): Promise<Thrown> {
    try {
      const value = await this.call(name, ...args);
      throw new CheckFailure(this.say(expected), show(value));
    } catch (error) {
      if (!(error instanceof LearnerError)) throw error;
      const { code } = error.thrown;
      if (code === 'TODO' || code === NO_FUNCTION) throw error;
      this.#asExpected();
      return error.thrown;
    }
  }

  /** Fails unless the learner's answer is the reference's. */
  async agrees(name: string, ...args: unknown[]): Promise<void> {
    const mine = await this.call(name, ...args);
    const request: Request = { kind: 'call', name, args: args.map(plain) };
    const reference = await (await this.#contestants.reference()).ask(request);
    this.equal(mine, reference);
  }

  /** The same, for a driver. */
  async driveAgrees(step: string | Named, name: string, input?: unknown): Promise<void> {
    const mine = await this.drive(step, name, input);
    const reference = await this.#contestants.reference();
    this.equal(mine, await reference.ask(this.#driveRequest(name, input)));
  }

  /** Fails unless the program makes the reference's calls, in its order. */
  async sameProgram(view: ProgramView): Promise<void> {
    const divergence = await this.divergence();
    if (divergence === undefined) {
      this.#asExpected();
      return;
    }
    const { index, mine, reference } = divergence;
    throw new CheckFailure(
      `${index}  ${reference ?? '—'}`,
      `${index}  ${mine ?? `— (${view.calls.length})`}`,
    );
  }

  /**
   * Fails unless both are the same, as `assert.deepStrictEqual` means it.
   *
   * @param what names the thing, as in code (`mustFork`), or is a key of `says`.
   */
  equal(seen: unknown, expected: unknown, what: string = ''): void {
    if (isDeepStrictEqual(seen, expected)) {
      this.#asExpected();
      return;
    }
    const label = what === '' ? '' : `${this.#says[what] ?? what}: `;
    throw new CheckFailure(label + show(expected), label + show(seen));
  }

  /** Fails unless `holds`; `expected` is a key of `says`, `seen` is what there is instead. */
  holds(holds: boolean, expected: string, seen: string): void {
    if (!holds) throw new CheckFailure(this.say(expected), seen);
    this.#asExpected();
  }

  /** Fails unless an error has this code; one without a code is shown whole. */
  hasCode(thrown: Thrown, code: string): void {
    const { name, message } = thrown;
    this.equal(thrown.code ?? `${name}: ${message}`, code, 'code');
  }

  /** Words of the exercise's catalogue. */
  say(key: string): string {
    const words = this.#says[key];
    if (words === undefined) throw new Error(`the exercise's catalogue has no words for '${key}'`);
    return words;
  }

  /** Fails unless calls that begin so are there, each after the one before it. */
  inOrder(view: ProgramView, ...beginnings: string[]): void {
    let from = 0;
    for (const [position, beginning] of beginnings.entries()) {
      const at = view.calls.findIndex((call, index) => index >= from && call.startsWith(beginning));
      if (at < 0) {
        const before = beginnings[position - 1];
        const expected = [...(before === undefined ? [] : [`${before}…`]), `${beginning}…`];
        throw new CheckFailure(expected.join('\n'), view.lines.join('\n'));
      }
      from = at + 1;
    }
    this.#asExpected();
  }

  /** How many of the first steps were found as expected; the last is what is looked at now. */
  get good(): number {
    return Math.min(this.#expected, this.steps.length - 1);
  }

  /** Where the last program parts from the reference's, given the same input. */
  async divergence(): Promise<Divergence | undefined> {
    if (this.#lastProgram === undefined) return undefined;
    const { request, view } = this.#lastProgram;
    const process = await this.#contestants.reference();
    const { calls } = (await process.ask(request)) as ProgramView;
    const length = Math.max(calls.length, view.calls.length);
    for (let index = 0; index < length; index += 1) {
      const [mine, reference] = [view.calls[index], calls[index]];
      if (mine !== reference) return { index, mine, reference };
    }
    return undefined;
  }

  /** What the reference answers to the last step, written out, if that is data. */
  async wanted(): Promise<string | undefined> {
    if (this.#lastRequest === undefined) return undefined;
    try {
      const value = await (await this.#contestants.reference()).ask(this.#lastRequest);
      return isProgramView(value) ? undefined : show(value);
    } catch {
      // It was given what no right answer leads to.
      return undefined;
    }
  }

  /** The last program, as `explain` prints it. */
  get lastProgram(): ProgramView | undefined {
    return this.#lastProgram?.view;
  }

  /** The process of a kernel check, as the host numbers it. */
  async learnerPid(): Promise<number> {
    return (await this.#contestants.learner()).pid;
  }

  #asExpected(): void {
    this.#expected = this.steps.length;
  }

  #stepText(step: string | Named): string {
    return step instanceof Named ? step.words : this.say(step);
  }

  #driveRequest(name: string, input: unknown): Request {
    if (this.#driver === undefined) throw new Error('this exercise has no driver');
    return { kind: 'drive', driver: this.#driver, name, input };
  }

  async #askProgram(request: Request): Promise<ProgramView> {
    const view = await this.#ask(request);
    if (!isProgramView(view)) throw new CheckFailure('SyscallProgram', show(view));
    this.#lastProgram = { request, view };
    return view;
  }

  async #ask(request: Request): Promise<unknown> {
    this.#lastRequest = request;
    return (await this.#contestants.learner()).ask(request);
  }
}

function isProgramView(value: unknown): value is ProgramView {
  if (typeof value !== 'object' || value === null) return false;
  const lists = ['lines' in value && value.lines, 'calls' in value && value.calls];
  return lists.every(
    (list) => Array.isArray(list) && list.every((line) => typeof line === 'string'),
  );
}

function plain(argument: unknown): unknown {
  return argument instanceof Named ? argument.value : argument;
}

const LINE = 100;

/** A value as a reader of TypeScript writes it: on one line if it fits. */
export function show(value: unknown): string {
  if (value instanceof Named) return value.words;
  const options = { depth: 8, maxArrayLength: 50, maxStringLength: 2000 };
  const line = inspect(value, { ...options, breakLength: Infinity, compact: true });
  return line.length <= LINE ? line : inspect(value, { ...options, breakLength: LINE });
}
