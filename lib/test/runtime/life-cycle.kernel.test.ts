/** Every operation in every state (runtime.md, "Operations"): what it does, or the error it gives. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseProcess } from '../../src/oci/index.ts';
import { RuntimeError } from '../../src/runtime/index.ts';
import { SIGKILL, waitForExit } from '../../src/sys/index.ts';
import { Box } from './box.ts';

const STATES = ['none', 'created', 'running', 'paused', 'stopped'] as const;
type StateName = (typeof STATES)[number];

const PROCESS = parseProcess(
  '{"args":["/bin/true"],"cwd":"/","user":{"uid":0,"gid":0}}',
  'process',
);

/** The operations, on the container `c`. */
const OPERATIONS = {
  create: (box: Box) => box.create('c'),
  start: (box: Box) => box.runtime.start('c'),
  state: (box: Box) => box.runtime.state('c'),
  kill: (box: Box) => box.runtime.kill('c', 0),
  delete: (box: Box) => box.runtime.delete('c'),
  'delete --force': (box: Box) => box.runtime.delete('c', { force: true }),
  // Collected at once: a PID namespace does not end while one of its processes is a zombie.
  exec: (box: Box) => waitForExit(box.runtime.exec({ id: 'c', process: PROCESS }).pid),
  pause: (box: Box) => box.runtime.pause('c'),
  resume: (box: Box) => box.runtime.resume('c'),
  update: (box: Box) => box.runtime.update('c', { pids: { limit: 50 } }),
  stats: (box: Box) => box.runtime.stats('c'),
};
type OperationName = keyof typeof OPERATIONS;

const MISSING = 'container does not exist';
const EXISTS = 'container with given ID already exists';
const IDLE = 'container not running';
const notStopped = (state: string): string =>
  `cannot delete container c that is not stopped: ${state}`;
const OK = undefined;

/** The message of the error, or OK; in the order of STATES. */
const TABLE: Readonly<Record<OperationName, readonly (string | undefined)[]>> = {
  create: [OK, EXISTS, EXISTS, EXISTS, EXISTS],
  start: [
    MISSING,
    OK,
    'cannot start an already running container',
    'cannot start a container in the paused state',
    'cannot start a container that has stopped',
  ],
  state: [MISSING, OK, OK, OK, OK],
  kill: [MISSING, OK, OK, OK, IDLE],
  delete: [MISSING, notStopped('created'), notStopped('running'), notStopped('paused'), OK],
  'delete --force': [OK, OK, OK, OK, OK],
  exec: [
    MISSING,
    OK,
    OK,
    'cannot exec in a paused container',
    'cannot exec in a stopped container',
  ],
  pause: [MISSING, OK, OK, IDLE, IDLE],
  resume: [MISSING, 'container not paused', 'container not paused', OK, 'container not paused'],
  update: [MISSING, OK, OK, OK, IDLE],
  stats: [MISSING, OK, OK, OK, IDLE],
};

let box: Box;
beforeEach(() => {
  box = new Box();
});
afterEach(() => {
  box[Symbol.dispose]();
  expect(box.leftovers()).toEqual([]);
});

function bring(state: StateName): void {
  if (state === 'none') return;
  const pid = box.create('c');
  if (state === 'created') return;
  box.runtime.start('c');
  if (state === 'paused') box.runtime.pause('c');
  if (state !== 'stopped') return;
  box.runtime.kill('c', SIGKILL);
  waitForExit(pid);
}

function statusOf(): string {
  return box.runtime.list()[0]?.status ?? 'none';
}

const CASES = Object.entries(TABLE).flatMap(([operation, messages]) =>
  STATES.map((state, index) => ({
    operation: operation as OperationName,
    state,
    message: messages[index],
  })),
);
const REFUSED = CASES.filter(({ message }) => message !== undefined);
const DONE = CASES.filter(({ message }) => message === undefined);

describe('is refused, and changes nothing', () => {
  test.each(REFUSED)('$operation when $state: $message', ({ operation, state, message }) => {
    bring(state);
    let thrown: unknown;
    try {
      OPERATIONS[operation](box);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RuntimeError);
    expect(thrown instanceof RuntimeError && thrown.message).toBe(message);
    expect(statusOf()).toBe(state);
  });
});

/** The status after an operation that changes it. */
const AFTER: Readonly<Partial<Record<OperationName, string>>> = {
  create: 'created',
  start: 'running',
  delete: 'none',
  'delete --force': 'none',
  pause: 'paused',
};

describe('is done', () => {
  test.each(DONE)('$operation when $state', ({ operation, state }) => {
    bring(state);
    OPERATIONS[operation](box);
    const resumed = operation === 'resume' ? 'running' : state;
    expect(statusOf()).toBe(AFTER[operation] ?? resumed);
  });
});

test('a container that is paused before its start is created again after resume', () => {
  box.create('c');
  box.runtime.pause('c');
  expect(statusOf()).toBe('paused');
  box.runtime.resume('c');
  expect(statusOf()).toBe('created');
});
