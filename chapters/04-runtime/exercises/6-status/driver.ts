/** Calls the learner's functions where data cannot be sent: with functions, and of a real process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { containerStatus, isInitAlive, parseProcess } from 'coracle/runtime';

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

/** A process named to deceive, alive and then killed but not waited for. */
export async function real(learner: Learner): Promise<object[]> {
  const name = 'a) S (b';
  const script = `printf '${name}' > /proc/$$/comm; echo up; read line`;
  const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  const text = (): string => readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The 22nd field, by a way of our own: the twentieth after the last parenthesis.
  const startTime = /.*\) (?:\S+ ){19}(\d+)/s.exec(text())?.[1] ?? '';
  const look = (kernel: string): object => {
    const process = learner.parseProcess(text());
    return {
      kernel,
      text: shorten(text()),
      alive: learner.isInitAlive({ init: { pid, startTime } }, process),
    };
  };
  const alive = look('it waits');
  // Stopped first, so that nobody can wait for it before we have looked.
  const dead = await new Promise<object>((resolve) => {
    child.once('exit', () =>
      resolve({
        kernel: 'killed',
        text: 'gone',
        alive: learner.isInitAlive({ init: { pid, startTime } }, undefined),
      }),
    );
    process.kill(pid, 'SIGKILL');
  });
  return [alive, dead];
}

/** Without what differs from run to run. */
function shorten(text: string): string {
  return `PID ${text.slice(text.indexOf('('), text.lastIndexOf(')') + 3)} …`;
}
