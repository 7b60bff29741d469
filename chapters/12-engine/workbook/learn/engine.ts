/**
 * `./workbook engine [--mine NN,...] [COMMAND ...]`: runs a command on an engine in which the
 * learner's chapters stand in place of the reference; without a command, the demo.
 *
 * The condition `mine-NN` travels in NODE_OPTIONS, to every process of ours that the command starts:
 * `#parts/*` of lib then leads to the learner's files. `coracle-runtime` is on the PATH.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Lesson } from '../../../../tests/grader/lessons.ts';
import { repository } from '../run-script.ts';
import { demandFiles, mineFile } from './mine.ts';
import { select, type Selection } from './selection.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

const BIN = path.join(repository, 'chapters/12-engine/bin');
/** Loaded first, it says what has stopped the program in a line, as the grader does. */
const TELLING = [loaded('stopped.ts')];
const ENOUGH = loaded('read-enough.ts');
const DEMO = [
  process.execPath,
  ...TELLING,
  path.join(repository, 'chapters/12-engine/demo/demo.ts'),
];

export async function engine(args: readonly string[]): Promise<number> {
  const { mine, command } = parse(args);
  const chapters = mine.length === 0 ? [] : await select(mine);
  const [program = '', ...rest] = command.length > 0 ? command : DEMO;
  return run(program, rest, chapters);
}

/** Options end at the first word that is none: what follows is the command's. */
function parse(args: readonly string[]): { mine: string[]; command: readonly string[] } {
  const mine: string[] = [];
  let at = 0;
  for (; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--mine') {
      at += 1;
      mine.push(...numbersIn(args[at]));
    } else if (word.startsWith('--mine=')) mine.push(...numbersIn(word.slice('--mine='.length)));
    else if (word === '--') return { mine, command: args.slice(at + 1) };
    else if (word.startsWith('-')) throw new UsageError(words('error.option', { option: word }));
    else break;
  }
  return { mine, command: args.slice(at) };
}

function numbersIn(value: string | undefined): string[] {
  if (value === undefined || value === '') throw new UsageError(words('error.mine'));
  return value.split(',');
}

/** The environment in which a process runs on the learner's chapters. */
function onMine(numbers: readonly string[]): NodeJS.ProcessEnv {
  const conditions = numbers.map((number) => `--conditions=mine-${number}`);
  const options = [process.env['NODE_OPTIONS'] ?? '', ...conditions].filter(Boolean).join(' ');
  return {
    ...process.env,
    PATH: `${BIN}:${process.env['PATH'] ?? ''}`,
    ...(options !== '' && { NODE_OPTIONS: options }),
  };
}

/** Runs a script of ours on the learner's code, and says in a line what stops it. */
export function runScript(script: string, mine: readonly Selection[]): Promise<number> {
  const before = mine.length > 0 ? [...TELLING, ENOUGH] : [ENOUGH];
  return run(process.execPath, [...before, script], mine);
}

/** The option by which Node loads a file of this folder before the program. */
function loaded(file: string): string {
  return `--import=${pathToFileURL(path.join(import.meta.dirname, file)).href}`;
}

/**
 * Runs a program on the learner's chapters, and returns its exit code; 1 if their files cannot be
 * loaded, which is said.
 */
async function run(
  program: string,
  args: readonly string[],
  mine: readonly Selection[],
): Promise<number> {
  const lessons = mine.flatMap((selection) => selection.lessons);
  demandFiles(lessons);
  if (lessons.length > 0 && !(await canBeLoaded(lessons))) return 1;
  const env = onMine(mine.map(({ chapter }) => chapter.number));
  return exitCodeOf(program, args, env);
}

/** Whatever the program does, and whichever of its processes is the first to need them. */
async function canBeLoaded(lessons: readonly Lesson[]): Promise<boolean> {
  const urls = lessons.map((lesson) => pathToFileURL(mineFile(lesson)).href);
  const code = urls.map((url) => `await import(${JSON.stringify(url)});`).join('\n');
  const args = [...TELLING, '--input-type=module', '--eval', code];
  return (await exitCodeOf(process.execPath, args, process.env)) === 0;
}

async function exitCodeOf(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', env });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const [code, signal] = await ended;
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
