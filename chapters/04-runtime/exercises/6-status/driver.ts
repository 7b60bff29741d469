/** Calls the learner's functions where data cannot be sent: with functions, and of a real process. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { containerStatus, isInitAlive, parseProcess } from 'coracle/runtime';
import { settle } from '../../../../tests/grader/learner/settle.ts';

interface Learner {
  readonly parseProcess: typeof parseProcess;
  readonly isInitAlive: typeof isInitAlive;
  readonly containerStatus: typeof containerStatus;
}

interface Input {
  readonly record: Parameters<typeof containerStatus>[0];
  readonly process: ReturnType<typeof parseProcess> | undefined;
  readonly frozen: boolean;
  readonly waiting: boolean;
}

export function status(learner: Learner, input: Input): { status: string; looks: string[] } {
  const looks: string[] = [];
  const look = (name: string, answer: boolean) => (): boolean => {
    looks.push(name);
    return answer;
  };
  const isFrozen = look('isFrozen', input.frozen);
  const awaitsStart = look('awaitsStart', input.waiting);
  const observed = { process: input.process, isFrozen, awaitsStart };
  return { status: learner.containerStatus(input.record, observed), looks };
}

/** prctl(2): the name in /proc/PID/stat. */
const PR_SET_NAME = 15;

/** One look at a process: its line in /proc, and whether it is alive. */
interface Look {
  readonly text: string;
  readonly alive: boolean;
}

/** A process named to deceive: while it waits, and as a zombie, for which nobody has waited. */
export async function real(learner: Learner): Promise<Look[]> {
  const { pid = 0 } = settle((program) => program.call('prctl', [PR_SET_NAME, 'a) S (b', 0, 0, 0]));
  const read = (): string => readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The 22nd field, by a way of our own: the twentieth after the last parenthesis.
  const startTime = /.*\) (?:\S+ ){19}(\d+)/s.exec(read())?.[1] ?? '';
  const look = (text: string): Look => ({
    text: shorten(text),
    alive: learner.isInitAlive({ init: { pid, startTime } }, learner.parseProcess(text)),
  });
  const waiting = look(read());
  process.kill(pid, 'SIGKILL');
  while (!/.*\) Z /s.test(read())) await sleep(5);
  return [waiting, look(read())];
}

/** Without what differs from run to run. */
function shorten(text: string): string {
  return `PID ${text.slice(text.indexOf('('), text.lastIndexOf(')') + 3)} …`;
}
