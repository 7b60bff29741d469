/** `./workbook explain NN.k`: what the learner's function makes, as annotated strace lines, or what it returns. */
import chalk from 'chalk';
import { printable, printableOutput } from '../../../../tests/grader/printable.ts';
import { traceExercise } from '../../../../tests/grader/trace.ts';
import { demandFiles, mineFile } from './mine.ts';
import { selectLesson } from './selection.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

export async function explainExercise(names: readonly string[]): Promise<number> {
  const [name, ...others] = names;
  if (name === undefined) {
    throw new UsageError(words('error.which-exercise', { command: 'explain', example: '01.4' }));
  }
  if (others.length > 0) {
    throw new UsageError(words('error.exercise', { name: names.join(' '), example: '01.4' }));
  }
  const lesson = await selectLesson(name);
  demandFiles([lesson]);
  const trace = await traceExercise(lesson, mineFile(lesson));
  for (const step of trace.steps) {
    process.stdout.write(`${chalk.bold(step.words)}\n`);
    for (const value of step.values) process.stdout.write(`${indented(value)}\n`);
  }
  if (trace.output !== '') {
    process.stdout.write(
      `${chalk.dim(words('explain.printed'))}\n${printableOutput(trace.output).trimEnd()}\n`,
    );
  }
  if (trace.thrown !== undefined) process.stdout.write(`${chalk.red(printable(trace.thrown))}\n`);
  if (trace.program === undefined) return trace.thrown === undefined ? 0 : 1;
  const { divergence } = trace;
  for (const [at, line] of trace.program.lines.entries()) {
    const differs = divergence !== undefined && at >= divergence.index;
    process.stdout.write(`  ${differs ? chalk.yellow(line) : line}\n`);
  }
  const verdict =
    divergence === undefined
      ? words('explain.same')
      : `${words('explain.differs', { index: divergence.index })} ${divergence.reference ?? '—'}`;
  process.stdout.write(`${chalk.dim(verdict)}\n`);
  return trace.thrown === undefined ? 0 : 1;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
