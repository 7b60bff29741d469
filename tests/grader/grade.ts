/**
 * Grades one exercise: each check on the learner's file, one after another.
 *
 *     passed     it is as it must be
 *     failed     it is not, and the report says how
 *     todo       the function is still to be written
 *     timed out  there was no answer in time, or too much output, or the process was gone
 *     not run    it needs what is not here (Linux, root), or the file is not there
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  Attempt,
  CheckFailure,
  NotHere,
  show,
  type Contestants,
  type Divergence,
} from './attempt.ts';
import type { Check } from './exercise.ts';
import type { Lesson } from './lessons.ts';
import { LearnerError, LearnerProcess, NoAnswer } from './learner/process.ts';
import { root, type Part } from './source/parts.ts';
import { words } from './words.ts';

export type Status = 'passed' | 'failed' | 'todo' | 'timed out' | 'not run';

export interface CheckResult {
  readonly check: string;
  readonly needs: 'kernel' | undefined;
  readonly status: Status;
  /** What was done, in order. */
  readonly steps: readonly string[];
  readonly expected?: string;
  readonly seen?: string;
  readonly evidence: readonly string[];
  readonly divergence?: Divergence;
  /** What the learner's code printed. */
  readonly output?: string;
  readonly milliseconds: number;
}

export interface ExerciseResult {
  readonly id: string;
  readonly file: string;
  readonly points: number;
  readonly earned: number;
  readonly checks: readonly CheckResult[];
}

/** Grades the learner's `file` (a path). */
export async function gradeExercise(lesson: Lesson, file: string): Promise<ExerciseResult> {
  const { exercise, part } = lesson;
  const checks: CheckResult[] = [];
  for (const kind of [undefined, 'kernel'] as const) {
    await using team = new Team(part, file, kind === 'kernel');
    for (const check of exercise.checks.filter(({ needs }) => needs === kind)) {
      checks.push(await runCheck(check, lesson, file, team));
    }
  }
  const { id, points } = exercise;
  return { id, file, points, earned: earnedPoints(points, checks), checks };
}

/** A check that could not be run neither earns points nor costs any. */
function earnedPoints(points: number, checks: readonly CheckResult[]): number {
  const counted = checks.filter(({ status }) => status !== 'not run');
  const passed = counted.filter(({ status }) => status === 'passed').length;
  return counted.length === 0 ? 0 : Math.floor((points * passed) / counted.length);
}

async function runCheck(
  check: Check,
  { exercise, text }: Lesson,
  file: string,
  team: Team,
): Promise<CheckResult> {
  const began = performance.now();
  const attempt = new Attempt(team, text.says ?? {}, exercise.driver);
  const obstacle = obstacleTo(check, file);
  const { id, needs } = check;
  const outcome: Outcome =
    obstacle === undefined
      ? await tryCheck(check, attempt, team)
      : { status: 'not run', seen: obstacle };
  const { steps, evidence } = attempt;
  return { check: id, needs, steps, evidence, milliseconds: performance.now() - began, ...outcome };
}

type Outcome = Pick<CheckResult, 'status' | 'expected' | 'seen' | 'divergence' | 'output'>;

async function tryCheck(check: Check, attempt: Attempt, team: Team): Promise<Outcome> {
  try {
    await team.refuseCopies();
    await check.run(attempt);
    return { status: 'passed' };
  } catch (error) {
    const outcome = outcomeOf(error);
    const divergence = outcome.status === 'failed' ? await attempt.divergence() : undefined;
    const output = team.output;
    return {
      ...outcome,
      ...(outcome.expected === SHAPE && { seen: show(attempt.values.at(-1)) }),
      ...(divergence !== undefined && { divergence }),
      ...(output !== '' && { output }),
    };
  }
}

const SHAPE = words('expected.shape');

function outcomeOf(error: unknown): Outcome {
  if (error instanceof CheckFailure) {
    return { status: 'failed', expected: error.expected, seen: error.seen };
  }
  if (error instanceof NotHere) return { status: 'not run', seen: error.message };
  if (error instanceof NoAnswer) {
    const status = error.why === 'end' ? 'failed' : 'timed out';
    return { status, expected: words('expected.answer'), seen: error.message };
  }
  if (error instanceof LearnerError) {
    const { name, message, code, at } = error.thrown;
    if (code === 'TODO') return { status: 'todo', seen: message };
    const where = at[0] === undefined ? '' : ` (${at[0]})`;
    return {
      status: 'failed',
      expected: words('expected.no-error'),
      seen: `${name}: ${message}${where}`,
    };
  }
  // The check has taken apart what is not of the shape that the docstring says.
  if (error instanceof TypeError) return { status: 'failed', expected: SHAPE, seen: error.message };
  throw error;
}

/** What was thrown, as one line. */
export function reasonOf(error: unknown): string {
  const { seen, expected } = outcomeOf(error);
  return seen ?? expected ?? '';
}

function obstacleTo({ needs }: Check, file: string): string | undefined {
  if (!existsSync(file)) return words('obstacle.file', { file: path.relative(root, file) });
  if (needs !== 'kernel') return undefined;
  if (process.platform !== 'linux') return words('obstacle.linux');
  return process.getuid?.() === 0 ? undefined : words('obstacle.root');
}

/** The learner's process and the reference's, each started when it is first asked for. */
export class Team implements Contestants, AsyncDisposable {
  readonly #part: Part;
  readonly #file: string;
  readonly #kernel: boolean;
  #learner: LearnerProcess | undefined;
  #reference: LearnerProcess | undefined;

  constructor(part: Part, file: string, kernel: boolean) {
    this.#part = part;
    this.#file = file;
    this.#kernel = kernel;
  }

  get output(): string {
    return this.#learner?.output ?? '';
  }

  /** After a time-out or a crash there is a new one: each check has its chance. */
  async learner(): Promise<LearnerProcess> {
    if (this.#learner?.ended === true) {
      await this.#learner[Symbol.asyncDispose]();
      this.#learner = undefined;
    }
    this.#learner ??= await this.#start(this.#file);
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

  #start(file: string): Promise<LearnerProcess> {
    return LearnerProcess.start({ file, layer: this.#part.layer, kernel: this.#kernel });
  }
}
