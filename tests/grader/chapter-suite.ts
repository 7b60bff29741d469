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
import { gradeExercise, type ExerciseResult } from './grade.ts';
import { loadChapter, type Lesson } from './lessons.ts';
import { failureText } from './report/text.ts';
import { starterOf } from './source/learner-copy.ts';
import { root } from './source/parts.ts';
import { Workbench, wrongText, type WrongSolution } from './wrong.ts';

const LEAST = 8;

/** @param kind which of the checks are tried here. */
export async function testGraders(folder: string, kind: 'pure' | 'kernel'): Promise<void> {
  const { lessons } = await loadChapter(folder);
  const bench = new Workbench(`wrong-${folder}-${kind}`);
  afterAll(() => bench[Symbol.dispose]());
  for (const lesson of lessons) await testLesson(lesson, kind, bench);
}

async function testLesson(
  lesson: Lesson,
  kind: 'pure' | 'kernel',
  bench: Workbench,
): Promise<void> {
  const { exercise, part } = lesson;
  const all = await wrongSolutions(lesson);
  const needs = kind === 'kernel' ? 'kernel' : undefined;
  const checks = exercise.checks.filter((check) => check.needs === needs);
  const killer = ({ killedBy, seenByKernel }: WrongSolution): string | undefined =>
    kind === 'kernel' ? (seenByKernel ?? killedBy) : killedBy;
  const wrong = all.filter((solution) => checks.some(({ id }) => id === killer(solution)));
  if (checks.length === 0) return;
  const grade = (file: string, only: readonly Check[]): Promise<ExerciseResult> =>
    gradeExercise({ ...lesson, exercise: { ...exercise, checks: only } }, file);

  describe(`exercise ${exercise.id}`, () => {
    it('accepts the reference', async () => {
      const { checks: results } = await grade(path.join(root, part.path), checks);
      expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
    });

    it('finds the starter still to be written', async () => {
      const { checks: results } = await grade(bench.put(part, part.id, starterOf(part)), checks);
      expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['todo']));
    });

    it('has words for each of its checks', () => {
      const ids = exercise.checks.map(({ id }) => id);
      expect(Object.keys(lesson.text.checks).toSorted()).toEqual(ids.toSorted());
    });

    it.runIf(kind === 'pure')(
      `has ${LEAST} wrong solutions or more, each found by a check it has`,
      () => {
        expect(all.length).toBeGreaterThanOrEqual(LEAST);
        const ids = exercise.checks.map(({ id }) => id);
        const killers = all.flatMap((each) => [each.killedBy, each.seenByKernel ?? each.killedBy]);
        expect(killers.filter((killer) => !ids.includes(killer))).toEqual([]);
        // A check that finds nobody out is no check; that of random input comes after all others.
        const idle = ids.filter((id) => !killers.includes(id) && !id.startsWith('any-'));
        expect(idle).toEqual([]);
        expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
      },
    );

    const reports: string[] = [];
    it.each(wrong)('finds out: $name', async (solution) => {
      const file = bench.put(part, `${part.id}-${solution.name}`, wrongText(part, solution));
      const { checks: results } = await grade(file, upTo(checks, killer(solution)));
      const failed = results.find(({ status }) => status !== 'passed');
      expect(failed?.check).toBe(killer(solution));
      if (failed === undefined) return;
      reports.push(`${solution.name} (${failed.check})\n${failureText(lesson, failed)}`);
    });

    it.runIf(wrong.length > 0)('says what the golden file has', async () => {
      const suffix = kind === 'kernel' ? '.kernel' : '';
      const golden = `${wrongFile(lesson).slice(0, -3)}${suffix}.golden.txt`;
      await expect(ofAnyRun(reports.join('\n'))).toMatchFileSnapshot(golden);
    });
  });
}

/** The checks before the one that must fail have to pass. */
function upTo(checks: readonly Check[], killer: string | undefined): Check[] {
  return checks.slice(0, checks.findIndex(({ id }) => id === killer) + 1);
}

/** The numbers of namespaces, and where the repository lies, are of the run, not of the message. */
function ofAnyRun(text: string): string {
  return text.replaceAll(/\[\d{6,}\]/g, '[…]').replaceAll(`${root}/`, '');
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
