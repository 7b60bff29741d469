/** The processes of one exercise's checks of a kind, each started when it is first asked for. */
import path from 'node:path';
import { CheckFailure, type Contestants } from './attempt.ts';
import { LearnerProcess, LoadError } from './learner/process.ts';
import { root, type Part } from './source/parts.ts';
import { words } from './words.ts';

export class Team implements Contestants, AsyncDisposable {
  readonly #part: Part;
  readonly #file: string;
  readonly #kernel: boolean;
  #learner: LearnerProcess | undefined;
  #reference: LearnerProcess | undefined;
  #notLoaded: LoadError | undefined;

  constructor(part: Part, file: string, kernel: boolean) {
    this.#part = part;
    this.#file = file;
    this.#kernel = kernel;
  }

  /** What the learner's code has printed. */
  get output(): string {
    return this.#learner?.output ?? '';
  }

  /**
   * After a crash there is a new one: each check has its chance. A file that could not be loaded is
   * not tried again.
   */
  async learner(): Promise<LearnerProcess> {
    if (this.#notLoaded !== undefined) throw this.#notLoaded;
    if (this.#learner?.ended === true) {
      await this.#learner[Symbol.asyncDispose]();
      this.#learner = undefined;
    }
    this.#learner ??= await this.#startLearner();
    return this.#learner;
  }

  async reference(): Promise<LearnerProcess> {
    this.#reference ??= await this.#start(path.join(root, this.#part.path));
    return this.#reference;
  }

  /** Passing lib's function on is not an answer: nothing was written. */
  async refuseCopies(): Promise<void> {
    const { copied } = await this.learner();
    if (copied.length === 0) return;
    throw new CheckFailure(
      words('expected.own'),
      words('seen.copied', { names: copied.join(', ') }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#learner?.[Symbol.asyncDispose]();
    await this.#reference?.[Symbol.asyncDispose]();
  }

  async #startLearner(): Promise<LearnerProcess> {
    try {
      return await this.#start(this.#file);
    } catch (error) {
      if (error instanceof LoadError) this.#notLoaded = error;
      throw error;
    }
  }

  #start(file: string): Promise<LearnerProcess> {
    return LearnerProcess.start({ file, layer: this.#part.layer, kernel: this.#kernel });
  }
}
