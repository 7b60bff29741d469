/**
 * Grades one exercise: each check on the learner's file, one after another.
 *
 *     passed     it is as it must be
 *     failed     it is not, and the report says how
 *     todo       the function is still to be written
 *     timed out  there was no answer in time, or too much output
 *     not run    it needs what is not here (Linux, root), or the file is not there
 *
 * A time-out ends the exercise: who does not come back from one check will mostly not come back from
 * the next. What is left is "not run" as well, but it counts: it earns nothing.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Attempt, show, type Divergence } from './attempt.ts';
import type { Check } from './exercise.ts';
import { LearnerError } from './learner/process.ts';
import type { Lesson } from './lessons.ts';
import { outcomeOf, type Outcome, type Status } from './outcome.ts';
import { root } from './source/parts.ts';
import { Team } from './team.ts';
import { isBeforeChecks, type Trouble } from './trouble.ts';
import { words } from './words.ts';

export interface CheckResult {
  readonly check: string;
  readonly needs: 'kernel' | undefined;
  readonly status: Status;
  /** What was done, in order. */
  readonly steps: readonly string[];
  /** How many of the first steps were as expected, before the one that was not. */
  readonly good?: number;
  readonly expected?: string;
  readonly seen?: string;
  /** There was no answer that the check could judge. */
  readonly trouble?: Trouble;
  /** Not run because of an earlier time-out: it counts, and earns nothing. */
  readonly forfeited?: true;
  readonly evidence: readonly string[];
  readonly divergence?: Divergence;
  /** What the learner's code printed. */
  readonly output?: string;
  readonly milliseconds: number;
}

export interface ExerciseResult {
  readonly id: string;
  readonly file: string;
  /** SHA-256 of the file as it was graded, in hex; nothing if it is not there. */
  readonly digest?: string;
  readonly points: number;
  readonly earned: number;
  readonly checks: readonly CheckResult[];
}

/** Told before each check: which it is, and how many were before it. */
export type Progress = (check: Check, done: number) => void;

/** Grades the learner's `file` (a path). */
export async function gradeExercise(
  lesson: Lesson,
  file: string,
  tell: Progress = () => undefined,
): Promise<ExerciseResult> {
  const { exercise, part } = lesson;
  const digest = digestOf(file);
  const checks: CheckResult[] = [];
  for (const kind of [undefined, 'kernel'] as const) {
    await using team = new Team(part, file, kind === 'kernel');
    for (const check of exercise.checks.filter(({ needs }) => needs === kind)) {
      tell(check, checks.length);
      checks.push(await runCheck(check, lesson, file, team, checks));
    }
  }
  const { id, points } = exercise;
  const earned = earnedPoints(points, checks);
  return { id, file, ...(digest !== undefined && { digest }), points, earned, checks };
}

/** The digest of a learner's file, by which a result is known to be of this text. */
export function digestOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** A check that could not be run for want of root or Linux neither earns points nor costs any. */
function earnedPoints(points: number, checks: readonly CheckResult[]): number {
  const counted = checks.filter(
    ({ status, forfeited }) => status !== 'not run' || forfeited === true,
  );
  const passed = counted.filter(({ status }) => status === 'passed').length;
  return counted.length === 0 ? 0 : Math.floor((points * passed) / counted.length);
}

async function runCheck(
  check: Check,
  { exercise, text }: Lesson,
  file: string,
  team: Team,
  before: readonly CheckResult[],
): Promise<CheckResult> {
  const began = performance.now();
  const attempt = new Attempt(team, text.says ?? {}, exercise.driver);
  const obstacle = obstacleTo(check, file) ?? timeOutIn(before);
  const outcome = obstacle ?? (await tryCheck(check, attempt, team, before));
  const { steps, good, evidence } = attempt;
  return {
    check: check.id,
    needs: check.needs,
    steps,
    ...(outcome.status !== 'passed' && good > 0 && { good }),
    evidence,
    milliseconds: performance.now() - began,
    ...outcome,
  };
}

type Verdict = Pick<CheckResult, 'status' | 'expected' | 'seen' | 'trouble' | 'forfeited'> &
  Pick<CheckResult, 'divergence' | 'output'>;

async function tryCheck(
  check: Check,
  attempt: Attempt,
  team: Team,
  before: readonly CheckResult[],
): Promise<Verdict> {
  try {
    await team.refuseCopies();
    await check.run(attempt);
    return { status: 'passed' };
  } catch (error) {
    const outcome = outcomeOf(error);
    const isWrong = outcome.status === 'failed' && outcome.trouble === undefined;
    const divergence = isWrong ? await attempt.divergence() : undefined;
    const output = team.output;
    const wanted = hasThrown(error, outcome) ? await wantedBy(check, attempt) : undefined;
    return {
      ...withTrouble(outcome, before),
      ...(wanted !== undefined && { expected: wanted }),
      // The check could not read it.
      ...(error instanceof TypeError && { seen: show(attempt.answers.at(-1)?.value) }),
      ...(divergence !== undefined && { divergence }),
      ...(output !== '' && { output }),
    };
  }
}

/** The learner's function was called, and threw instead of returning. */
function hasThrown(error: unknown, { status, trouble }: Outcome): boolean {
  const isCalled = trouble === undefined || !isBeforeChecks(trouble);
  return error instanceof LearnerError && status === 'failed' && isCalled;
}

/** What should have been returned. What changes the machine is not done again for that. */
async function wantedBy({ needs }: Check, attempt: Attempt): Promise<string | undefined> {
  return needs === undefined ? attempt.wanted() : undefined;
}

function withTrouble({ trouble, ...outcome }: Outcome, before: readonly CheckResult[]): Verdict {
  if (trouble === undefined) return outcome;
  const mayBeTheCheck = before.some(({ status }) => status === 'passed');
  return { ...outcome, trouble: { ...trouble, mayBeTheCheck } };
}

function obstacleTo({ needs }: Check, file: string): Verdict | undefined {
  const obstacle = (seen: string): Verdict => ({ status: 'not run', seen });
  if (!existsSync(file))
    return obstacle(words('obstacle.file', { file: path.relative(root, file) }));
  if (needs !== 'kernel') return undefined;
  if (process.platform !== 'linux') return obstacle(words('obstacle.linux'));
  return process.getuid?.() === 0 ? undefined : obstacle(words('obstacle.root'));
}

function timeOutIn(before: readonly CheckResult[]): Verdict | undefined {
  if (!before.some(({ status }) => status === 'timed out')) return undefined;
  return { status: 'not run', seen: words('obstacle.time'), forfeited: true };
}
