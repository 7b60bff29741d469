/** Spawning from a busy process: the child borrows this process's memory for a moment (vfork). */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { start } from './child.ts';

/** A program that spawns while timers, worker threads, garbage collection and file work go on. */
const BUSY = `
  import { readFile } from 'node:fs/promises';
  import { Worker } from 'node:worker_threads';
  import { start } from ${JSON.stringify(new URL('child.ts', import.meta.url).href)};
  const SPIN = 'let all = []; setInterval(() => { all = Array.from({ length: 2e4 }, (_, i) => ({ i })); }, 1);';
  const workers = [1, 2].map(() => new Worker(SPIN, { eval: true }));
  let ticks = 0;
  const timer = setInterval(() => { ticks += 1; }, 1);
  process.on('SIGUSR1', () => {});
  const signals = setInterval(() => process.kill(process.pid, 'SIGUSR1'), 2);
  let spawned = 0;
  for (; spawned < 500; spawned += 1) {
    using child = start((program) => { program.call('exit_group', [spawned % 100]); });
    const reading = readFile('/proc/self/status');
    if (child.receive() !== undefined) throw new Error('a notice that nobody sent');
    const status = child.wait();
    if (status.code !== spawned % 100) throw new Error(JSON.stringify(status));
    if (spawned % 5 === 0) await reading;
  }
  clearInterval(timer);
  clearInterval(signals);
  await Promise.all(workers.map((worker) => worker.terminate()));
  console.log(JSON.stringify({ spawned, ticked: ticks > 10 }));
`;

test('500 spawns under timers, signals, workers and file work', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', BUSY], {
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual({ spawned: 500, ticked: true });
});

const IN_WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData).then(({ start }) => {
    const codes = [];
    for (let count = 0; count < 50; count += 1) {
      const child = start((program) => program.call('exit_group', [count]));
      codes.push(child.wait().code);
      child[Symbol.dispose]();
    }
    parentPort.postMessage(codes);
  });
`;

test('two worker threads spawn at the same time', async () => {
  const workerData = new URL('child.ts', import.meta.url).href;
  const answers = [1, 2].map(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker(IN_WORKER, { eval: true, workerData, trackUnmanagedFds: false });
        worker.once('message', resolve);
        worker.once('error', reject);
      }),
  );
  const expected = Array.from({ length: 50 }, (_, count) => count);
  expect(await Promise.all(answers)).toEqual([expected, expected]);
});

test('a hundred spawns leave no descriptor and no process behind', () => {
  const before = readdirSync('/proc/self/fd').length;
  for (let count = 0; count < 100; count += 1) {
    using child = start((program) => program.call('exit_group', [0]));
    child.wait();
  }
  // A worker of an earlier test may have closed one meanwhile.
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
  const children = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'comm='], {
    encoding: 'utf8',
  });
  expect(children).not.toContain('test-child');
});

test('a program of a thousand operations runs', () => {
  using child = start((program) => {
    for (let count = 0; count < 1000; count += 1) program.call('umask', [count & 0o777]);
    program.call('exit_group', [9]);
  });
  expect(child.wait()).toEqual({ code: 9 });
});
