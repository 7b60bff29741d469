/**
 * `./workbook engine [--mine NN,...] [COMMAND ...]`: runs a command on an engine in which the
 * learner's chapters stand in place of the reference; without a command, the demo's container.
 *
 * The condition `mine-NN` travels in NODE_OPTIONS, to every process of ours that the command starts:
 * `#parts/*` of lib then leads to the learner's files. `coracle-runtime` is on the PATH.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { repository } from '../run-script.ts';
import { mineFile } from './mine.ts';
import { select } from './selection.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

const BIN = path.join(repository, 'chapters/12-engine/bin');
const DEMO = [process.execPath, path.join(repository, 'chapters/12-engine/demo.ts')];

export async function engine(args: readonly string[]): Promise<number> {
  const { mine, command } = parse(args);
  const chapters = mine.length === 0 ? [] : await select(mine);
  for (const { chapter, lessons } of chapters) {
    if (lessons.every((lesson) => existsSync(mineFile(lesson)))) continue;
    throw new UsageError(words('error.not-started', { number: chapter.number }));
  }
  const [program = '', ...rest] = command.length > 0 ? command : DEMO;
  return run(
    program,
    rest,
    chapters.map(({ chapter }) => chapter.number),
  );
}

/** Options end at the first word that is none: what follows is the command's. */
function parse(args: readonly string[]): { mine: string[]; command: readonly string[] } {
  const mine: string[] = [];
  let at = 0;
  for (; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--mine') {
      at += 1;
      mine.push(...(args[at] ?? '').split(','));
    } else if (word.startsWith('--mine=')) mine.push(...word.slice('--mine='.length).split(','));
    else if (word === '--') return { mine, command: args.slice(at + 1) };
    else if (word.startsWith('-')) throw new UsageError(words('error.option', { option: word }));
    else break;
  }
  return { mine, command: args.slice(at) };
}

/** The environment in which a process runs on the learner's chapters. */
export function onMine(numbers: readonly string[]): NodeJS.ProcessEnv {
  const conditions = numbers.map((number) => `--conditions=mine-${number}`);
  const options = [process.env['NODE_OPTIONS'] ?? '', ...conditions].filter(Boolean).join(' ');
  return {
    ...process.env,
    PATH: `${BIN}:${process.env['PATH'] ?? ''}`,
    ...(options !== '' && { NODE_OPTIONS: options }),
  };
}

/** Runs a program on them, and returns its exit code. */
export async function run(
  program: string,
  args: readonly string[],
  numbers: readonly string[],
): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', env: onMine(numbers) });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const [code, signal] = await ended;
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
