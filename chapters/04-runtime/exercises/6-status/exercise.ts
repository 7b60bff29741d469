import path from 'node:path';
import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';

/** A line of /proc/PID/stat whose state is the third field and whose start time the 22nd. */
function stat(name: string, state: string, startTime: string): string {
  const before = [state, 1, 42, 42, 0, -1, 4194560, 90, 0, 0, 0, 0, 0, 0, 0, 20, 0, 1, 0];
  return `42 (${name}) ${[...before, startTime, 2621440, 200].join(' ')}\n`;
}

interface Situation {
  readonly init?: { readonly pid: number; readonly startTime: string };
  readonly complete?: boolean;
  readonly process?: { readonly state: string; readonly startTime: string };
  readonly frozen?: boolean;
  readonly waiting?: boolean;
}

const INIT = { pid: 42, startTime: '777' };
const RUNS = { state: 'S', startTime: '777' };

/** The status, and how often the files were looked at. */
async function status(
  attempt: Attempt,
  situation: Situation,
): Promise<{ status: string; looks: string[] }> {
  const { init, complete = true, process, frozen = false, waiting = false } = situation;
  const record = JSON.stringify({ ...(init !== undefined && { init }), complete });
  const seen = `{ process: ${JSON.stringify(process)}, isFrozen: () => ${frozen}, awaitsStart: () => ${waiting} }`;
  const step = named(`containerStatus(${record}, ${seen})`, undefined);
  const input = { record: { init, complete }, process, frozen, waiting };
  return (await attempt.drive(step, 'status', input)) as { status: string; looks: string[] };
}

export const exercise: Exercise = {
  id: '04.6',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'plain-stat',
      async run(attempt) {
        attempt.equal(await attempt.call('parseProcess', stat('sleep', 'S', '777')), RUNS);
      },
    },
    {
      id: 'name-with-anything',
      async run(attempt) {
        const spaces = await attempt.call('parseProcess', stat('a b c', 'R', '12'));
        attempt.equal(spaces, { state: 'R', startTime: '12' });
        const lying = await attempt.call('parseProcess', stat(') Z 1 2', 'S', '13'));
        attempt.equal(lying, { state: 'S', startTime: '13' });
      },
    },
    {
      id: 'large-start-time',
      async run(attempt) {
        const time = '18446744073709551615';
        const seen = await attempt.call('parseProcess', stat('sh', 'S', time));
        attempt.equal(seen, { state: 'S', startTime: time });
      },
    },
    {
      id: 'nobody-there',
      async run(attempt) {
        attempt.equal(await attempt.call('isInitAlive', { init: INIT }, undefined), false);
        attempt.equal(await attempt.call('isInitAlive', {}, RUNS), false);
      },
    },
    {
      id: 'pid-used-again',
      async run(attempt) {
        attempt.equal(await attempt.call('isInitAlive', { init: INIT }, RUNS), true);
        const later = { state: 'S', startTime: '999' };
        attempt.equal(await attempt.call('isInitAlive', { init: INIT }, later), false);
      },
    },
    {
      id: 'zombie',
      async run(attempt) {
        for (const state of ['Z', 'X']) {
          const dead = { state, startTime: '777' };
          attempt.equal(await attempt.call('isInitAlive', { init: INIT }, dead), false);
        }
        const stopped = { state: 'T', startTime: '777' };
        attempt.equal(await attempt.call('isInitAlive', { init: INIT }, stopped), true);
      },
    },
    {
      id: 'created-and-running',
      async run(attempt) {
        const waiting = await status(attempt, { init: INIT, process: RUNS, waiting: true });
        attempt.equal(waiting.status, 'created', 'status');
        const running = await status(attempt, { init: INIT, process: RUNS });
        attempt.equal(running.status, 'running', 'status');
      },
    },
    {
      id: 'not-alive',
      async run(attempt) {
        attempt.equal((await status(attempt, { init: INIT })).status, 'stopped', 'status');
        attempt.equal((await status(attempt, {})).status, 'stopped', 'status');
        const half = await status(attempt, { init: INIT, complete: false });
        attempt.equal(half.status, 'stopped', 'status');
        attempt.equal((await status(attempt, { complete: false })).status, 'creating', 'status');
      },
    },
    {
      id: 'creating',
      async run(attempt) {
        const early = { init: INIT, process: RUNS, complete: false, waiting: true };
        attempt.equal((await status(attempt, early)).status, 'creating', 'status');
      },
    },
    {
      id: 'paused',
      async run(attempt) {
        const paused = { init: INIT, process: RUNS, frozen: true };
        attempt.equal((await status(attempt, paused)).status, 'paused', 'status');
        const early = { ...paused, waiting: true };
        attempt.equal((await status(attempt, early)).status, 'paused', 'status');
      },
    },
    {
      id: 'looks-only-when-needed',
      async run(attempt) {
        const gone = await status(attempt, { init: INIT, frozen: true });
        attempt.equal(gone.looks, [], 'looked-at');
        const early = await status(attempt, { init: INIT, process: RUNS, complete: false });
        attempt.equal(early.looks, ['isFrozen'], 'looked-at');
      },
    },
    {
      id: 'a-real-process',
      needs: 'kernel',
      async run(attempt) {
        const seen = (await attempt.drive('real', 'real')) as Record<string, unknown>[];
        for (const { text } of seen) attempt.evidence.push(`/proc/PID/stat  ${String(text)}`);
        attempt.equal(
          seen.map(({ alive }) => alive),
          [true, false],
          'alive-then-zombie',
        );
      },
    },
  ],
  async show(attempt) {
    await attempt.call('parseProcess', stat('my (odd) name', 'S', '777'));
    await status(attempt, { init: INIT, process: RUNS, waiting: true });
  },
};
