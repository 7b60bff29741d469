/** Two commands at once, and commands that are killed: what is left is consistent, or removable. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Box, eventually } from './box.ts';

const COMMAND = path.join(import.meta.dirname, 'command.ts');
const ROUNDS = [1, 2, 3];

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
  // From before the first line of ours to after the last; spread evenly, so that no run misses one.
  const DELAYS = Array.from({ length: 30 }, (_, index) => 60 + index * 12);

  test(
    'at thirty points of create: delete --force leaves nothing',
    { timeout: 60_000 },
    async () => {
      const found = new Set<string>();
      for (const delay of DELAYS) {
        // One at a time: each takes the same id.
        found.add(await killedCreate(delay));
        box.runtime.delete('c', { force: true });
        eventually(() => box.leftovers().length === 0);
        expect(box.leftovers()).toEqual([]);
        expect(box.runtime.list()).toEqual([]);
      }
      // The delays are of use only if some came before the container, and some after.
      expect([...found]).toEqual(expect.arrayContaining(['none', 'created']));
    },
  );
});

/** Kills a `create` after some milliseconds; returns the status of what it has left. */
async function killedCreate(delay: number): Promise<string> {
  const child = begin('create', 'c');
  await sleep(delay);
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return box.runtime.list()[0]?.status ?? 'none';
}
