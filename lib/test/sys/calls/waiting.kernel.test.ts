import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SIGKILL, socketpair, waitOrKill, waitReadable } from '../../../src/sys/index.ts';
import { appendWait, start } from '../spawn/child.ts';

/** How long something takes, in milliseconds. */
function timed<T>(act: () => T): { result: T; milliseconds: number } {
  const begin = performance.now();
  return { result: act(), milliseconds: performance.now() - begin };
}

test('what has something to read is readable at once, what has nothing is not', () => {
  const [left, right] = socketpair();
  using _left = left;
  using _right = right;
  const silent = timed(() => waitReadable(left.fd, 50));
  expect(silent.result).toBe(false);
  expect(silent.milliseconds).toBeGreaterThanOrEqual(49);
  expect(waitReadable(left.fd, 0)).toBe(false);
  right.close();
  expect(waitReadable(left.fd, 60_000)).toBe(true);
  expect(waitReadable(left.fd, undefined)).toBe(true);
});

test('signals neither end a wait nor make it longer', () => {
  const [left, right] = socketpair();
  using _left = left;
  using _right = right;
  let signals = 0;
  const count = () => (signals += 1);
  process.on('SIGUSR2', count);
  // A wait that began anew at each signal would outlast them all.
  const script = `for i in $(seq 200); do kill -USR2 ${process.pid}; sleep 0.05; done`;
  const sender = spawn('sh', ['-c', script], { stdio: 'ignore' });
  try {
    const { result, milliseconds } = timed(() => waitReadable(left.fd, 300));
    expect(result).toBe(false);
    expect(milliseconds).toBeGreaterThanOrEqual(299);
    expect(readFileSync(`/proc/${String(sender.pid)}/stat`, 'utf8')).not.toContain(') Z ');
  } finally {
    sender.kill();
    process.off('SIGUSR2', count);
  }
});

test('a child that ends in time has its own status', () => {
  using child = start((program) => program.call('exit_group', [4]));
  expect(waitOrKill(child.pid, 60_000)).toEqual({ status: { code: 4 }, timedOut: false });
});

test('a child that takes too long is killed', () => {
  using child = start(appendWait);
  expect(waitOrKill(child.pid, 50)).toEqual({ status: { signal: SIGKILL }, timedOut: true });
});
