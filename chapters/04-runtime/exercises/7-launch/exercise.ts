import path from 'node:path';
import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';

interface Input {
  readonly noNewPrivileges?: boolean;
  readonly seccomp?: 'plain' | 'notify';
  readonly waits?: boolean;
  readonly createCwd?: boolean;
}

const START = ['appendWorkingDirectory(cwd, true)', 'appendBoundingSet', 'appendUser'];

/** The names of the steps that were appended. */
async function steps(attempt: Attempt, input: Input): Promise<string[]> {
  const { noNewPrivileges, seccomp, waits = true, createCwd = true } = input;
  const words = [
    `createCwd: ${createCwd}`,
    ...(noNewPrivileges === undefined ? [] : [`noNewPrivileges: ${noNewPrivileges}`]),
    ...(seccomp === undefined
      ? []
      : [`seccomp: ${seccomp === 'notify' ? '{ notify: true }' : '{ notify: false }'}`]),
    ...(waits ? ['waitForStart'] : []),
  ];
  const step = named(`appendLaunch(program, process, { ${words.join(', ')} })`, undefined);
  const full = {
    waits,
    createCwd,
    ...(noNewPrivileges !== undefined && { noNewPrivileges }),
    ...(seccomp && { seccomp }),
  };
  return (await attempt.drive(step, 'steps', full)) as string[];
}

export const exercise: Exercise = {
  id: '04.7',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'ends-in-execute',
      async run(attempt) {
        const seen = await steps(attempt, {});
        attempt.equal(seen.at(-1), 'appendExecute', 'steps.at(-1)');
      },
    },
    {
      id: 'giving-up',
      async run(attempt) {
        const seen = await steps(attempt, {});
        const order = seen.filter((step) => [...START, 'appendCapabilities'].includes(step));
        attempt.equal(order, [...START, 'appendCapabilities'], 'steps');
      },
    },
    {
      id: 'working-directory',
      async run(attempt) {
        attempt.equal(
          (await steps(attempt, { createCwd: false }))[0],
          'appendWorkingDirectory(cwd, false)',
          'steps[0]',
        );
        attempt.equal(
          (await steps(attempt, { createCwd: true }))[0],
          'appendWorkingDirectory(cwd, true)',
          'steps[0]',
        );
      },
    },
    {
      id: 'plain',
      async run(attempt) {
        const seen = await steps(attempt, {});
        attempt.equal(
          seen,
          [...START, 'appendCapabilities', 'appendReady', 'waitForStart', 'appendExecute'],
          'steps',
        );
      },
    },
    {
      id: 'no-new-privileges',
      async run(attempt) {
        const seen = await steps(attempt, { noNewPrivileges: true });
        attempt.equal(
          seen,
          [
            ...START,
            'appendCapabilities',
            'appendNoNewPrivileges',
            'appendReady',
            'waitForStart',
            'appendExecute',
          ],
          'steps',
        );
        const no = await steps(attempt, { noNewPrivileges: false });
        attempt.equal(no.includes('appendNoNewPrivileges'), false, 'appendNoNewPrivileges');
      },
    },
    {
      id: 'without-a-wait',
      async run(attempt) {
        const seen = await steps(attempt, { waits: false });
        attempt.equal(
          seen,
          [...START, 'appendCapabilities', 'appendReady', 'appendExecute'],
          'steps',
        );
      },
    },
    {
      id: 'filter-late',
      async run(attempt) {
        const seen = await steps(attempt, { seccomp: 'plain', noNewPrivileges: true });
        attempt.equal(
          seen.slice(3),
          [
            'appendCapabilities',
            'appendNoNewPrivileges',
            'appendReady',
            'waitForStart',
            'appendSeccomp',
            'appendExecute',
          ],
          'steps',
        );
      },
    },
    {
      id: 'filter-that-notifies',
      async run(attempt) {
        const seen = await steps(attempt, { seccomp: 'notify', noNewPrivileges: true });
        attempt.equal(
          seen.slice(3),
          [
            'appendCapabilities',
            'appendNoNewPrivileges',
            'appendReady',
            'appendSeccomp(notify)',
            'waitForStart',
            'appendExecute',
          ],
          'steps',
        );
      },
    },
    {
      id: 'keeps-admin',
      async run(attempt) {
        const seen = await steps(attempt, { seccomp: 'plain' });
        attempt.equal(
          seen.slice(3),
          [
            'appendCapabilities([CAP_SYS_ADMIN])',
            'appendReady',
            'waitForStart',
            'appendSeccomp',
            'appendCapabilities',
            'appendExecute',
          ],
          'steps',
        );
      },
    },
    {
      id: 'keeps-admin-to-notify',
      async run(attempt) {
        const seen = await steps(attempt, { seccomp: 'notify' });
        attempt.equal(
          seen.slice(3),
          [
            'appendCapabilities([CAP_SYS_ADMIN])',
            'appendReady',
            'appendSeccomp(notify)',
            'waitForStart',
            'appendCapabilities',
            'appendExecute',
          ],
          'steps',
        );
      },
    },
  ],
  async show(attempt) {
    await steps(attempt, { seccomp: 'plain' });
  },
};
