/** Two commands at once, and commands that are killed: what is left is consistent, or removable. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rounds } from '../rounds.ts';
import { Box, eventually } from './box.ts';

const COMMAND = path.join(import.meta.dirname, 'command.ts');
const ROUNDS = [1, 2, 3].slice(0, rounds(3));

let box: Box;
beforeEach(() => {
  box = new Box();
});
afterEach(() => {
  box[Symbol.dispose]();
  expect(box.leftovers()).toEqual([]);
});

function begin(operation: string, id: string): ChildProcess {
  const args = [COMMAND, box.root, box.bundle, operation, id];
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

interface Outcome {
  readonly code: number | null;
  readonly message: string;
}

async function outcome(child: ChildProcess): Promise<Outcome> {
  const [[code], message] = await Promise.all([
    once(child, 'exit') as Promise<[number | null]>,
    child.stderr === null ? '' : text(child.stderr),
  ]);
  return { code, message };
}

/** Two commands at once; the one that has succeeded first in the result. */
async function race(one: string, other: string): Promise<Outcome[]> {
  const both = await Promise.all([outcome(begin(one, 'c')), outcome(begin(other, 'c'))]);
  return both.toSorted((a, b) => (a.code ?? 1) - (b.code ?? 1));
}

describe('two commands at once', () => {
  test.each(ROUNDS)('create twice: one container, one refusal (round %i)', async () => {
    expect(await race('create', 'create')).toEqual([
      { code: 0, message: '' },
      { code: 1, message: 'container with given ID already exists' },
    ]);
    expect(box.runtime.list().map(({ id, status }) => [id, status])).toEqual([['c', 'created']]);
  });

  test.each(ROUNDS)('start twice: it runs, and one is told so (round %i)', async () => {
    box.create('c');
    expect(await race('start', 'start')).toEqual([
      { code: 0, message: '' },
      { code: 1, message: 'cannot start an already running container' },
    ]);
    expect(box.runtime.state('c').status).toBe('running');
  });

  test.each(ROUNDS)('start and delete --force: the container is gone (round %i)', async () => {
    box.create('c');
    const [start, remove] = await Promise.all([
      outcome(begin('start', 'c')),
      outcome(begin('delete', 'c')),
    ]);
    expect(remove).toEqual({ code: 0, message: '' });
    expect(['', 'container does not exist']).toContain(start.message);
    expect(box.runtime.list()).toEqual([]);
    expect(box.leftovers()).toEqual([]);
  });
});

describe('kill -9 of the runtime', () => {
  const POINTS = rounds(30);

  test(
    'at many points of create: delete --force leaves nothing',
    { timeout: 600_000 },
    async () => {
      const whole = await timeOfCreate();
      const found: string[] = [];
      for (let point = 0; point < POINTS; point += 1) {
        // One at a time: each takes the same id. From at once to a whole create and a half of time:
        // most of it is Node's start, and none is exactly as long as another.
        found.push(await killedCreate(sleep((point * 1.5 * whole) / POINTS)));
        removeAll();
      }
      // The first came before the container, and the very last comes after it.
      expect(found[0]).toBe('none');
      const child = begin('create', 'c');
      expect(await killedCreate(once(child, 'exit'), child)).toBe('created');
    },
  );
});

/** How long one `create` takes on this machine, in milliseconds. */
async function timeOfCreate(): Promise<number> {
  const began = performance.now();
  expect(await outcome(begin('create', 'c'))).toEqual({ code: 0, message: '' });
  const took = performance.now() - began;
  removeAll();
  return took;
}

/** What `delete --force` does to whatever a killed create has left: nothing of it stays. */
function removeAll(): void {
  box.runtime.delete('c', { force: true });
  eventually(() => box.leftovers().length === 0);
  expect(box.leftovers()).toEqual([]);
  expect(box.runtime.list()).toEqual([]);
}

/** Kills a `create` when `moment` has come; returns the status of what it has left. */
async function killedCreate(
  moment: Promise<unknown>,
  child = begin('create', 'c'),
): Promise<string> {
  await moment;
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return box.runtime.list()[0]?.status ?? 'none';
}
