/**
 * The tests that every chapter's graders must pass; `chapters/NN-name/grade.test.ts` calls this, and
 * `grade.kernel.test.ts` for the checks that need the kernel.
 *
 *     the reference passes
 *     the starter fails all its checks, and only because it is still to be written
 *     each wrong solution is found, by the check that it names, with the message in the golden file
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Check } from './exercise.ts';
import { gradeExercise, type CheckResult } from './grade.ts';
import { loadChapter, type Lesson } from './lessons.ts';
import { failureText } from './report/text.ts';
import { starterOf } from './source/learner-copy.ts';
import { root } from './source/parts.ts';
import { slowness } from '../suites.ts';
import { Workbench, wrongText, type WrongSolution } from './wrong.ts';

const LEAST = 8;
/** Each test starts processes, on a machine that may have others to run. */
const LIMIT_MS = 60_000 * slowness;

type Kind = 'pure' | 'kernel';

/** @param kind which of the checks are tried here. */
export async function testGraders(folder: string, kind: Kind): Promise<void> {
  const { lessons } = await loadChapter(folder);
  const bench = new Workbench(`wrong-${folder}-${kind}`);
  afterAll(() => bench[Symbol.dispose]());
  const trials: Trial[] = [];
  for (const lesson of lessons) {
    const trial = new Trial(lesson, kind, bench, await wrongSolutions(lesson));
    if (trial.checks.length === 0) continue;
    trials.push(trial);
    describe(`exercise ${lesson.exercise.id}`, { timeout: LIMIT_MS }, () => trial.test());
  }
  afterAll(() => void process.stdout.write(killTable(folder, kind, trials)));
}

/** How many wrong solutions were tried, and how many were found out: it must be all of them. */
function killTable(folder: string, kind: Kind, trials: readonly Trial[]): string {
  const rows = trials.map(({ id, tried, found }) => ({ id, tried, found }));
  const sum = (key: 'tried' | 'found'): number => rows.reduce((all, row) => all + row[key], 0);
  const all = [...rows, { id: 'all', tried: sum('tried'), found: sum('found') }];
  const lines = all.map(({ id, tried, found }) => {
    const rate = tried === 0 ? '-' : `${Math.floor((100 * found) / tried)} %`;
    return `  ${id.padEnd(8)}${String(tried).padStart(6)}${String(found).padStart(7)}${rate.padStart(8)}\n`;
  });
  return `\n${folder}, ${kind}\n  exercise wrong  found    rate\n${lines.join('')}`;
}

/** The graders of one exercise on trial, as far as they are of this kind. */
class Trial {
  readonly id: string;
  /** Wrong solutions that were graded, and those that were found out as they should be. */
  tried = 0;
  found = 0;
  readonly checks: readonly Check[];
  readonly #lesson: Lesson;
  readonly #kind: Kind;
  readonly #bench: Workbench;
  readonly #wrong: readonly WrongSolution[];

  constructor(lesson: Lesson, kind: Kind, bench: Workbench, wrong: readonly WrongSolution[]) {
    this.id = lesson.exercise.id;
    this.#lesson = lesson;
    this.#kind = kind;
    this.#bench = bench;
    this.#wrong = wrong;
    const needs = kind === 'kernel' ? 'kernel' : undefined;
    this.checks = lesson.exercise.checks.filter((check) => check.needs === needs);
  }

  test(): void {
    const { part } = this.#lesson;
    it('accepts the reference', { timeout: LIMIT_MS }, async () => {
      const results = await this.#grade(path.join(root, part.path));
      expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
    });
    it('finds the starter still to be written', { timeout: LIMIT_MS }, async () => {
      const results = await this.#grade(this.#bench.put(part, part.id, starterOf(part)));
      expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['todo']));
    });
    if (this.#kind === 'pure') this.#testBank();
    this.#testWrong();
  }

  #testBank(): void {
    const ids = this.#lesson.exercise.checks.map(({ id }) => id);
    it('has words for each of its checks', () => {
      expect(Object.keys(this.#lesson.text.checks).toSorted()).toEqual(ids.toSorted());
    });
    it(`has ${LEAST} wrong solutions or more, and each check finds one out`, () => {
      expect(this.#wrong.length).toBeGreaterThanOrEqual(LEAST);
      expect(new Set(this.#wrong.map(({ name }) => name)).size).toBe(this.#wrong.length);
      const finders = this.#wrong.flatMap((each) =>
        [each.killedBy, each.seenByKernel ?? []].flat(),
      );
      expect(finders.filter((finder) => !ids.includes(finder))).toEqual([]);
      // The check of random input is there for hard-coded answers, after all others.
      const idle = ids.filter((id) => !finders.includes(id) && !id.startsWith('any-'));
      expect(idle).toEqual([]);
    });
  }

  #testWrong(): void {
    const reports: string[] = [];
    const wrong = this.#wrong.filter((solution) => this.#killer(solution) !== undefined);
    it.each(wrong)('finds out: $name', { timeout: LIMIT_MS }, async (solution) => {
      this.tried += 1;
      const killer = this.#killer(solution);
      const { part } = this.#lesson;
      const text = wrongText(part, solution);
      const file = this.#bench.put(part, `${part.id}-${solution.name}`, text);
      // The checks before it pass.
      const upTo = this.checks.findIndex(({ id }) => id === killer?.id) + 1;
      const results = await this.#grade(file, this.checks.slice(0, upTo));
      const failed = results.find(({ status }) => status !== 'passed');
      expect(failed?.check).toBe(killer?.id);
      if (failed === undefined) return;
      this.found += 1;
      reports.push(`${solution.name} (${failed.check})\n${failureText(this.#lesson, failed)}`);
    });
    it.runIf(wrong.length > 0)('says what the golden file has', async () => {
      // A golden file without the one that was not found out would hide it.
      expect(reports.length).toBe(wrong.length);
      const suffix = this.#kind === 'kernel' ? '.kernel' : '';
      const golden = `${wrongFile(this.#lesson).slice(0, -3)}${suffix}.golden.txt`;
      const text = ofAnyRun(reports.join('\n'));
      await expect(this.#kind === 'kernel' ? ofAnyMachine(text) : text).toMatchFileSnapshot(golden);
    });
  }

  /** The check of this kind by which a wrong solution must be found. */
  #killer({ killedBy, seenByKernel }: WrongSolution): Check | undefined {
    const id = this.#kind === 'kernel' ? (seenByKernel ?? killedBy) : killedBy;
    return this.checks.find((check) => check.id === id);
  }

  async #grade(
    file: string,
    checks: readonly Check[] = this.checks,
  ): Promise<readonly CheckResult[]> {
    const exercise = { ...this.#lesson.exercise, checks };
    const result = await gradeExercise({ ...this.#lesson, exercise }, file);
    return result.checks;
  }
}

/** Numbers of namespaces and processes, and where the repository lies, are not of the message. */
function ofAnyRun(text: string): string {
  return text
    .replaceAll(/\[\d{6,}\]/g, '[…]')
    .replaceAll(/(?<=\b(?:PPid|NSpid|Pid): ).*/g, (pids) => pids.replaceAll(/\b(?!1\b)\d+/g, '…'))
    .replaceAll(`${root}/`, '');
}

/** The kernel, or a tool, said something that is another thing on another machine. */
function ofAnyMachine(text: string): string {
  return text.replaceAll(/(?<=the checksum of a tar header is )\d+, its bytes have \d+/g, '…');
}

/** `chapters/NN-name/wrong/K-name.ts`, beside `exercises/K-name/`. */
function wrongFile({ part, exercise }: Lesson): string {
  const [, number = ''] = exercise.id.split('.');
  return path.join(root, 'chapters', part.chapter, 'wrong', `${number}-${part.file}`);
}

async function wrongSolutions(lesson: Lesson): Promise<readonly WrongSolution[]> {
  const file = wrongFile(lesson);
  if (!existsSync(file)) throw new Error(`${path.relative(root, file)} is missing`);
  const { wrong } = (await import(pathToFileURL(file).href)) as { wrong: WrongSolution[] };
  return wrong;
}
