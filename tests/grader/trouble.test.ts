/** Code that gives no answer is told what is wrong with it, and not what a wrong answer comes from. */
import { afterAll, describe, expect, it } from 'vitest';
import { gradeExercise, type CheckResult } from './grade.ts';
import { loadChapter, type Lesson } from './lessons.ts';
import { failureText } from './report/text.ts';
import { solutionOf, starterOf } from './source/learner-copy.ts';
import { Workbench } from './wrong.ts';

const bench = new Workbench('trouble');
afterAll(() => bench[Symbol.dispose]());

const { lessons } = await loadChapter('01-namespaces');
const sort = lessonOf('01.1');
const join = lessonOf('01.2');

function lessonOf(id: string): Lesson {
  const found = lessons.find(({ exercise }) => exercise.id === id);
  if (found === undefined) throw new Error(`exercise ${id} is gone`);
  return found;
}

let count = 0;
async function firstFailure(lesson: Lesson, text: string): Promise<CheckResult> {
  const file = bench.put(lesson.part, String((count += 1)), text);
  const checks = lesson.exercise.checks.filter(({ needs }) => needs === undefined);
  const result = await gradeExercise({ ...lesson, exercise: { ...lesson.exercise, checks } }, file);
  const failed = result.checks.find(({ status }) => status !== 'passed');
  if (failed === undefined) throw new Error('all checks have passed');
  return failed;
}

/** The starter with `body` in place of its Todo, graded, and what is said about it. */
async function said(body: string, lesson: Lesson = sort): Promise<string> {
  const text = starterOf(lesson.part).replace(/throw new Todo\(.*\);/, () => body);
  return failureText(lesson, await firstFailure(lesson, text));
}

const CAUSE_OF_THE_CHECK = 'A kind that is not in the list is neither made nor joined';

describe('what is said about code without an answer', { timeout: 60_000 }, () => {
  it.each([
    ['cannot be parsed', 'const x = ;', /look at plan\.ts:1\d\./],
    ['throws at a line', 'return nothing.at.all;', /threw this at plan\.ts:\d+:3,/],
    [
      'throws a string',
      "throw 'oops';",
      /Seen +'oops' was thrown, which is no Error\n +Cause +What/,
    ],
    ['ends its process', 'process.exit(3);', /Cause +The process of your code is gone/],
    ['returns nothing', 'return undefined;', /Seen +undefined\n +Cause .*is a `return` missing/],
  ])('that %s', async (_, body, expected) => {
    const text = await said(body);
    expect(text).toMatch(expected);
    expect(text).not.toContain(CAUSE_OF_THE_CHECK);
    expect(text).not.toContain('Read ');
  });

  it('that throws where there is an answer: what that is', async () => {
    const text = await said('return nothing.at.all;');
    expect(text).toMatch(/Expected +{ create: \[\], join: \[\], mustFork: false }\n/);
    expect(text).toMatch(/Seen +ReferenceError: nothing is not defined/);
  });

  it('its control characters reach no terminal, and its colours no report', async () => {
    const text = await said(
      String.raw`console.log('\x1b[31mred\x1b[0m\x07'); throw new Error('\x1b]0;title\x07');`,
    );
    expect(text).toContain(String.raw`Seen      Error: \x1b]0;title\x07`);
    expect(text).toContain(String.raw`Printed   red\x07`);
  });

  it('that imports a type as a value: how types are imported', async () => {
    const text = solutionOf(sort.part).replace('import type', 'import');
    const { seen, trouble } = await firstFailure(sort, text);
    expect(seen).toContain("does not provide an export named 'LinuxNamespace'");
    expect(trouble?.cause).toContain('imported with `import type { LinuxNamespace } from');
  });

  it.each([
    ['a check that calls it', sort, 'planNamespaces'],
    ['a driver that calls it', join, 'appendJoins'],
  ])('that lacks the function: its name, from %s', async (_, lesson, name) => {
    const { seen, trouble } = await firstFailure(lesson, 'export {};\n');
    expect(seen).toBe(`the file has no exported function '${name}'`);
    expect(trouble).toMatchObject({ kind: 'function', mayBeTheCheck: false });
  });

  it('when other checks have passed, the cause of the check may be behind it', async () => {
    const text = await said(`
      if (namespaces.length > 0) throw new TypeError('no');
      return { create: [], join: [], mustFork: false };`);
    expect(text).toMatch(/Cause +Your code threw this at plan\.ts:/);
    expect(text).toContain('Or, since other checks have passed: An entry of the list either goes');
  });

  it('an error of lib is an answer, and may be a wrong one', async () => {
    const text = solutionOf(sort.part)
      .replace('import ', "import { CoracleError } from 'coracle/base';\nimport ")
      .replace('const wanted', "throw new CoracleError('NO', 'no');\n  const wanted");
    const { seen, trouble } = await firstFailure(sort, text);
    expect([seen?.split(' (')[0], trouble]).toEqual(['CoracleError: no', undefined]);
  });
});

describe('steps', { timeout: 60_000 }, () => {
  it('that were as expected are told from the one that was not', async () => {
    const text = await said(
      "return { create: [], join: [], mustFork: namespaces[0]?.type === 'uts' };",
    );
    expect(text).not.toContain('✓');
    const whole = solutionOf(sort.part).replace(
      "type === 'pid' || type === 'time'",
      "type === 'time'",
    );
    const failed = await firstFailure(sort, whole);
    expect(failureText(sort, failed)).toMatch(
      /Done .*'uts' } \]\)  ✓\n +planNamespaces\(\[ { type: 'pid' } \]\)\n/,
    );
  });
});
