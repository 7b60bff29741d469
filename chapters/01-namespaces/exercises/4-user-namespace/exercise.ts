import path from 'node:path';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { Witness } from '../../../../tests/grader/kernel.ts';
import type { Outcome } from '../../../../tests/grader/learner/settle.ts';

/** The control socket in the programs that nobody runs. */
const CONTROL = 3;

export const exercise: Exercise = {
  id: '01.4',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'unshare-first',
      async run(attempt) {
        const { calls } = await attempt.program('appendUserNamespace', CONTROL);
        attempt.equal(calls[0], 'unshare(CLONE_NEWUSER)', 'calls[0]');
      },
    },
    {
      id: 'tell-then-wait',
      async run(attempt) {
        const program = await attempt.program('appendUserNamespace', CONTROL);
        attempt.inOrder(program, 'unshare(', 'write(3, {notice 1}', 'read(3, ');
      },
    },
    {
      id: 'parent-gone',
      async run(attempt) {
        const { calls } = await attempt.program('appendUserNamespace', CONTROL);
        const read = calls.find((call) => call.startsWith('read('));
        attempt.holds(read?.includes('?>0') === true, 'zero-is-failure', read ?? '—');
      },
    },
    {
      id: 'dumpable',
      async run(attempt) {
        const program = await attempt.program('appendUserNamespace', CONTROL);
        const [on, off] = [1, 0].map((value) => `prctl(PR_SET_DUMPABLE, ${value}`);
        attempt.inOrder(program, 'unshare(', on ?? '', 'write(', 'read(');
        attempt.inOrder(program, 'read(', off ?? '');
      },
    },
    {
      id: 'root-last',
      async run(attempt) {
        const program = await attempt.program('appendUserNamespace', CONTROL);
        attempt.inOrder(program, 'read(', 'setresgid(0, 0, 0)', 'setresuid(0, 0, 0)');
      },
    },
    {
      id: 'origin',
      async run(attempt) {
        const { lines } = await attempt.program('appendUserNamespace', CONTROL);
        const origins = lines.map((line) => /# (.*)$/.exec(line)?.[1]);
        attempt.equal(origins, Array<string>(lines.length).fill('/linux/namespaces'), 'origins');
      },
    },
    {
      id: 'whole',
      async run(attempt) {
        await attempt.sameProgram(await attempt.program('appendUserNamespace', 7));
      },
    },
    {
      id: 'is-root-inside',
      needs: 'kernel',
      async run(attempt) {
        const { pid, failed } = (await attempt.drive('boot', 'boot')) as Outcome;
        attempt.holds(failed === undefined, 'goes-through', failed ?? '');
        const witness = await Witness.of(attempt, pid);
        attempt.holds(witness.isElsewhere('user'), 'elsewhere', witness.namespace('user'));
        attempt.equal(witness.field('Uid'), Array<string>(4).fill('100000'), 'Uid');
        attempt.equal(witness.field('Gid'), Array<string>(4).fill('100000'), 'Gid');
      },
    },
    {
      id: 'ends-with-its-parent',
      needs: 'kernel',
      async run(attempt) {
        const ended = (await attempt.drive('abandon', 'abandon')) as { code?: number };
        attempt.holds(ended.code !== 0, 'not-zero', JSON.stringify(ended));
      },
    },
  ],
};
