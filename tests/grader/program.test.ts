/** Programs are compared as the kernel would see them: what is left out at the end is zero. */
import { afterAll, describe, expect, it } from 'vitest';
import { gradeExercise } from './grade.ts';
import { loadChapter } from './lessons.ts';
import { failureText } from './report/text.ts';
import { Workbench, wrongText } from './wrong.ts';

const bench = new Workbench('program');
afterAll(() => bench[Symbol.dispose]());

type Change = readonly [from: string, to: string];

/** The solution with these changes, graded: what is said about the first check that fails. */
async function said(id: string, ...change: Change[]): Promise<string | undefined> {
  const { lessons } = await loadChapter(id.startsWith('01') ? '01-namespaces' : '04-runtime');
  const lesson = lessons.find(({ exercise }) => exercise.id === id);
  if (lesson === undefined) throw new Error(`exercise ${id} is gone`);
  const text = wrongText(lesson.part, { name: id, change, killedBy: '' });
  const file = bench.put(lesson.part, `${id}-${JSON.stringify(change).length}`, text);
  const checks = lesson.exercise.checks.filter(({ needs }) => needs === undefined);
  const exercise = { ...lesson.exercise, checks };
  const result = await gradeExercise({ ...lesson, exercise }, file);
  const failed = result.checks.find(({ status }) => status !== 'passed');
  return failed === undefined ? undefined : failureText(lesson, failed);
}

describe('arguments', { timeout: 60_000 }, () => {
  it.each<[string, string, Change[]]>([
    ['01.4', 'prctl', [['[PR_SET_DUMPABLE, 1, 0, 0, 0]', '[PR_SET_DUMPABLE, 1]']]],
    ['01.5', 'clone', [['SIGCHLD, null, null, null, null]', 'SIGCHLD]']]],
    ['01.5', 'exit_group', [["'exit_group', [0]", "'exit_group', []"]]],
    ['04.4', 'prctl', [['[PR_SET_KEEPCAPS, 1, 0, 0, 0]', '[PR_SET_KEEPCAPS, 1]']]],
    ['04.5', 'prctl', [['[PR_CAPBSET_DROP, number, 0, 0, 0]', '[PR_CAPBSET_DROP, number]']]],
  ])('of %s that are zero may be left out: %s', async (id, _, change) => {
    expect(await said(id, ...change)).toBe(undefined);
  });

  it('that are not zero may not', async () => {
    const text = await said('01.4', ['[PR_SET_DUMPABLE, 1, 0, 0, 0]', '[PR_SET_DUMPABLE]']);
    expect(text).toContain('Expected  ');
  });
});

describe('the origin of a user namespace', { timeout: 60_000 }, () => {
  it('is asked for by its name, and seen as it is', async () => {
    const text = await said('01.4', ["from('/linux/namespaces'", "from('/linux/uidMappings'"]);
    expect(text).toMatch(/Expected +the origin of each operation: \[\n? *'\/linux\/namespaces'/);
    expect(text).toMatch(/Seen +the origin of each operation: \[\n? *'\/linux\/uidMappings'/);
  });
});
