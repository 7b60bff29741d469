/**
 * A check's result for a person, in the order in which one asks: what was done, what should have
 * come and what came, what the kernel says, where the program parts from the reference, the likely
 * cause, and where to read.
 */
import type { CheckResult } from '../grade.ts';
import type { Lesson } from '../lessons.ts';
import type { Messages } from '../messages.ts';
import { printable, printableOutput } from '../printable.ts';
import { words } from '../words.ts';

const MOST_LINES = 12;

/** @param messages the grader's own words; those of the exercise come with the lesson. */
export function failureText(
  { part, text }: Lesson,
  result: CheckResult,
  messages: Messages = words,
): string {
  const about = text.checks[result.check];
  const { steps, good = 0, expected, seen, evidence, output = '' } = result;
  const page = `chapters/${part.chapter}/README.md${text.read.page}`;
  const rows: [label: string, lines: readonly string[]][] = [
    ['done', doneLines(steps, good, messages)],
    ['expected', lines(expected)],
    ['seen', lines(seen)],
    ['kernel', evidence],
    ['parts', divergenceLines(result, messages)],
    ['printed', lines(printableOutput(output)).slice(0, MOST_LINES)],
    ['cause', causes(result, about?.cause, messages)],
    ['read', isOfTheCheck(result) ? [[page, ...text.read.man].join(', ')] : []],
  ];
  const width = Math.max(...rows.map(([label]) => messages(`label.${label}`).length)) + 2;
  return rows
    .filter(([, values]) => values.length > 0)
    .map(([label, values]) => row(messages(`label.${label}`), values, width))
    .join('');
}

/** The last steps; of a long list, those before them are counted. */
function doneLines(steps: readonly string[], good: number, messages: Messages): string[] {
  const left = steps.length > MOST_LINES ? steps.length - MOST_LINES + 1 : 0;
  const shown = steps.slice(left).map((step, at) => (left + at < good ? `${step}  ✓` : step));
  if (left === 0) return shown;
  return [messages(left <= good ? 'done.good' : 'done.before', { count: left }), ...shown];
}

/** Where there was no answer, that has a cause of its own. */
function causes(
  { status, trouble }: CheckResult,
  ofTheCheck: string | undefined,
  messages: Messages,
): string[] {
  if (status === 'todo') return [];
  if (trouble === undefined) return lines(ofTheCheck);
  const or = trouble.mayBeTheCheck && ofTheCheck !== undefined;
  return [...lines(trouble.cause), ...(or ? [messages('cause.or', { cause: ofTheCheck })] : [])];
}

/** Whether what the exercise says about the check helps with this failure. */
function isOfTheCheck({ trouble }: CheckResult): boolean {
  return trouble === undefined || trouble.mayBeTheCheck;
}

function lines(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.trimEnd().split('\n');
}

function row(label: string, values: readonly string[], width: number): string {
  const all = values.flatMap((value) => printable(value).split('\n'));
  return all.map((line, at) => `  ${(at === 0 ? label : '').padEnd(width)}${line}\n`).join('');
}

function divergenceLines({ divergence }: CheckResult, messages: Messages): string[] {
  if (divergence === undefined) return [];
  const { index, mine, reference } = divergence;
  const end = messages('parts.end');
  const names = [messages('parts.mine'), messages('parts.reference')];
  const width = Math.max(...names.map((name) => name.length));
  return [
    messages('parts.at', { index }),
    `${(names[0] ?? '').padEnd(width)}  ${mine ?? end}`,
    `${(names[1] ?? '').padEnd(width)}  ${reference ?? end}`,
  ];
}
