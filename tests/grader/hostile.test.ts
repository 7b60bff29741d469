/** Submissions that are up to no good get no points that they did not earn, and leave nothing. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gradeExercise, type ExerciseResult } from './grade.ts';
import { loadChapter } from './lessons.ts';
import { solutionOf, starterOf } from './source/learner-copy.ts';
import { root } from './source/parts.ts';
import { Workbench } from './wrong.ts';

const bench = new Workbench('hostile');
afterAll(() => bench[Symbol.dispose]());

const { lessons } = await loadChapter('01-namespaces');
const lesson = lessons.find(({ exercise }) => exercise.id === '01.1');
if (lesson === undefined) throw new Error('exercise 01.1 is gone');
const { part, exercise: whole } = lesson;
/** Three checks are enough to be cheated. */
const exercise = { ...whole, checks: whole.checks.slice(0, 3) };
const short = { ...lesson, exercise };

let count = 0;
/** Grades the starter with `body` in place of its Todo, and `before` at the head of the file. */
async function grade(body: string, before = ''): Promise<ExerciseResult> {
  const starter = starterOf(part).replace(/throw new Todo\(.*\);/, () => body);
  return gradeText(`${before}\n${starter}`);
}

function gradeText(text: string): Promise<ExerciseResult> {
  return gradeExercise(short, bench.put(part, String((count += 1)), text));
}

describe('a submission', { timeout: 60_000 }, () => {
  it('that is right earns its points here', async () => {
    expect((await gradeText(solutionOf(part))).earned).toBe(10);
  });

  it('that prints a perfect report earns nothing', async () => {
    const report = JSON.stringify({ id: '01.1', earned: 10, points: 10, checks: [] });
    const result = await grade(`console.log('${report}'); return undefined;`);
    expect(result.earned).toBe(0);
  });

  it('that sends answers before it is asked earns nothing', async () => {
    const forged = `for (let id = 0; id < 99; id += 1) process.send({ id, value: { create: [], join: [], mustFork: false } });`;
    const result = await grade('return undefined;', forged);
    expect(result.earned).toBe(0);
  });

  it('that sends what is no answer does not end the grader', async () => {
    const noise = `for (const each of [null, 7, { id: 1 }, { id: 1, thrown: null }]) process._send?.(each);`;
    const result = await grade('return undefined;', noise);
    expect(result.checks.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
  });

  it('that ends its process with exit code 0 earns nothing', async () => {
    const result = await grade('process.exit(0);');
    expect(result.earned).toBe(0);
    expect(result.checks[0]?.seen).toContain('the process ended by itself (exit code 0)');
  });

  it('that never ends is "timed out" once, and what was not run for it earns nothing', async () => {
    const result = await grade(
      'if (namespaces.length > 0) for (;;); return { create: [], join: [], mustFork: false };',
    );
    const [first, second, third] = result.checks;
    expect([first?.status, second?.status]).toEqual(['passed', 'timed out']);
    expect(third).toMatchObject({
      status: 'not run',
      forfeited: true,
      seen: 'an earlier check had no answer in time',
    });
    expect(result.earned).toBe(3);
  });

  it('that prints without end is stopped', async () => {
    const result = await grade(`for (;;) process.stdout.write('x'.repeat(65536));`);
    expect(result.checks[0]?.status).toBe('timed out');
    expect(result.checks[0]?.seen).toContain('it printed more than 256 KiB');
    expect(result.checks[0]?.output?.length).toBeLessThan(1_000_000);
  });

  it('that takes all memory is stopped', async () => {
    const result = await grade('const all = []; for (;;) all.push(new Array(1e6).fill(1));');
    expect(result.earned).toBe(0);
  });

  it('that passes on the function of lib earns nothing', async () => {
    const result = await gradeText(`export { planNamespaces } from 'coracle/namespaces';\n`);
    expect(result.earned).toBe(0);
    expect(result.checks[0]?.seen).toContain('that is the reference itself');
  });

  it('that edits the checks is not allowed to write', async () => {
    const checks = path.join(root, 'tests/grader/grade.ts');
    const before = readFileSync(checks, 'utf8');
    const result = await grade(
      'return undefined;',
      `import { writeFileSync } from 'node:fs'; writeFileSync('${checks}', '');`,
    );
    if (readFileSync(checks, 'utf8') !== before) writeFileSync(checks, before);
    expect(result.checks[0]?.seen).toContain('Access to this API has been restricted');
    expect(result.earned).toBe(0);
  });

  it('that starts programs is not allowed to', async () => {
    const mark = path.join(root, '.workbook', `started-${process.pid}`);
    const start = `import { spawnSync } from 'node:child_process'; spawnSync('touch', ['${mark}']);`;
    const result = await grade('return undefined;', start);
    expect(existsSync(mark)).toBe(false);
    expect(result.earned).toBe(0);
  });

  it('that cannot be parsed is told where', async () => {
    const result = await gradeText('export function planNamespaces( {');
    expect(result.checks[0]).toMatchObject({ status: 'failed', trouble: { kind: 'load' } });
    expect(result.checks[0]?.seen).toMatch(/SyntaxError: .* \(plan\.ts:1\)/);
  });

  it('that is not there is "not run", which is not "failed"', async () => {
    const result = await gradeExercise(short, path.join(root, '.workbook/nothing/plan.ts'));
    expect(new Set(result.checks.map(({ status }) => status))).toEqual(new Set(['not run']));
    expect(result.earned).toBe(0);
  });
});
