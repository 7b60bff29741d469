/**
 * Loaded before a script of ours that runs on the learner's chapters (`--import`): what stops it is
 * said in a line, as the grader does, if it comes from the learner's code. Anything else is shown
 * whole: a wrong answer of that code has led to it, or it is a mistake of ours.
 */
import path from 'node:path';
import { inspect } from 'node:util';
import { describeThrown } from '../../../../tests/grader/learner/thrown.ts';
import { textOf } from '../../../../tests/grader/outcome.ts';
import { importCause } from '../../../../tests/grader/trouble.ts';
import { words } from './words.ts';

process.on('uncaughtException', (error: unknown) => {
  process.stderr.write(`workbook: ${stopText(error)}\n`);
  process.exit(1);
});

function stopText(error: unknown): string {
  const thrown = describeThrown(error, placeInMine);
  if (thrown.code === 'TODO') return thrown.message;
  if (error instanceof Error && thrown.at.length === 0) {
    return `${inspect(error)}\n${words('engine.at-fault')}`;
  }
  const what = textOf(thrown);
  const cause = importCause(thrown.message);
  return `${words('engine.stopped', { what })}${cause === undefined ? '' : `\n${cause}`}`;
}

/** `chapters/01-namespaces/mine/plan.ts:12:7`, if this line of a stack is in a learner's file. */
function placeInMine(line: string): string | undefined {
  const [, place] = /(chapters\/[^/]+\/mine\/[^/:]+:\d+(?::\d+)?)/.exec(line) ?? [];
  return place === undefined ? undefined : path.normalize(place);
}
