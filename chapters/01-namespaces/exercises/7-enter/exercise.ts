import path from 'node:path';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { Witness } from '../../../../tests/grader/kernel.ts';
import type { ProgramView } from '../../../../tests/grader/learner/protocol.ts';

interface Target {
  readonly cgroups?: object;
  readonly cgroupNamespaceFd?: number;
}

const FILES = { files: ['/sys/fs/cgroup/pids/box/cgroup.procs'] };
const BORN = { files: [], into: '/sys/fs/cgroup/box' };
const ROOT = ['setresgid(0, 0, 0)', 'setresuid(0, 0, 0)'];

/** The pidfd is 9, the control socket 3. */
function enter(
  attempt: Attempt,
  kinds: readonly string[],
  given: Target = {},
): Promise<ProgramView> {
  const target = { pidfd: 9, controlFd: 3, cgroups: { files: [] }, ...given };
  const shown = kinds.map((kind) => `kindOf('${kind}')`).join(', ');
  const rest = show(target).replace(/^\{\s+/, '');
  const call = `appendEnter(program, { kinds: [${shown}], ${rest})`;
  return attempt.driveProgram(named(call, undefined), 'enter', { ...target, kinds });
}

/** Each setns, its flags in the order of the alphabet. */
function entries({ calls }: ProgramView): string[] {
  return calls.flatMap((call) => {
    const [, fd = '', flags] = /^setns\((\S+), (.*)\)/.exec(call) ?? [];
    return flags === undefined ? [] : [`setns(${fd}, ${flags.split('|').toSorted().join('|')})`];
  });
}

function those({ calls }: ProgramView, beginning: string): string[] {
  return calls.filter((call) => call.startsWith(beginning));
}

async function enterAnother(
  attempt: Attempt,
  step: string,
  types: readonly string[],
): Promise<{ other: Witness; guest: Witness }> {
  const { other, guest } = (await attempt.drive(step, 'enterAnother', types)) as {
    other: number;
    guest: { pid?: number; failed?: string };
  };
  attempt.holds(guest.failed === undefined, 'no-failure', guest.failed ?? '');
  return {
    other: await Witness.of(attempt, other, 'OTHER'),
    guest: await Witness.of(attempt, guest.pid),
  };
}

function isWith(attempt: Attempt, guest: Witness, other: Witness, ...files: string[]): void {
  for (const file of files) {
    const [mine, theirs] = [guest.namespace(file), other.namespace(file)];
    attempt.holds(mine === theirs, 'same', `${file}: ${attempt.say('not-the-same')}`);
  }
}

export const exercise: Exercise = {
  id: '01.7',
  points: 15,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'one-setns',
      async run(attempt) {
        const program = await enter(attempt, ['mount', 'uts', 'network']);
        const all = 'setns(9, CLONE_NEWNET|CLONE_NEWNS|CLONE_NEWUTS)';
        attempt.equal(entries(program), [all]);
        attempt.equal((await enter(attempt, [])).calls, []);
      },
    },
    {
      id: 'root',
      async run(attempt) {
        const program = await enter(attempt, ['user', 'uts']);
        attempt.inOrder(program, 'setns(9, ', ...ROOT);
        attempt.equal(those(await enter(attempt, ['uts']), 'setres'), []);
      },
    },
    {
      id: 'fork',
      async run(attempt) {
        attempt.inOrder(await enter(attempt, ['uts', 'pid']), 'setns(9, ', 'clone(');
        attempt.inOrder(await enter(attempt, ['time']), 'setns(9, ', 'clone(');
        attempt.equal(those(await enter(attempt, ['mount', 'uts']), 'clone'), []);
      },
    },
    {
      id: 'born-into',
      async run(attempt) {
        const program = await enter(attempt, ['uts'], { cgroups: BORN });
        attempt.inOrder(program, 'setns(9, ', 'clone3({flags=CLONE_PARENT|');
      },
    },
    {
      id: 'cgroups',
      async run(attempt) {
        const program = await enter(attempt, ['pid'], { cgroups: FILES });
        const open = 'openat(AT_FDCWD, "/sys/fs/cgroup/pids/box/cgroup.procs"';
        attempt.inOrder(program, open, 'setns(9, ', 'clone(', 'write($0, "0", 1)');
      },
    },
    {
      id: 'cgroup-namespace',
      async run(attempt) {
        const program = await enter(attempt, ['uts', 'cgroup']);
        attempt.equal(entries(program), ['setns(9, CLONE_NEWCGROUP|CLONE_NEWUTS)']);
      },
    },
    {
      id: 'cgroup-namespace-last',
      async run(attempt) {
        const target = { cgroups: FILES, cgroupNamespaceFd: 8 };
        const program = await enter(attempt, ['uts', 'cgroup'], target);
        const [all, late] = ['setns(9, CLONE_NEWUTS)', 'setns(8, CLONE_NEWCGROUP)'];
        attempt.equal(entries(program), [all, late]);
        attempt.inOrder(program, 'write($0, "0", 1)', late);
      },
    },
    {
      id: 'closes',
      async run(attempt) {
        const program = await enter(attempt, ['cgroup'], { cgroupNamespaceFd: 8 });
        attempt.inOrder(program, 'setns(8, ', 'close(8)');
        attempt.inOrder(await enter(attempt, ['uts'], { cgroupNamespaceFd: 8 }), 'close(8)');
      },
    },
    {
      id: 'any-target',
      async run(attempt) {
        for (let round = 0; round < 10; round += 1) {
          const kinds = ALL.filter(() => Math.random() < 0.5);
          await attempt.sameProgram(await enter(attempt, kinds, randomTarget()));
        }
      },
    },
    {
      id: 'is-with-the-other',
      needs: 'kernel',
      async run(attempt) {
        const types = ['uts', 'network', 'pid'];
        const { other, guest } = await enterAnother(attempt, 'three', types);
        attempt.equal(guest.field('NSpid').slice(2), ['2'], attempt.say('third-number'));
        isWith(attempt, guest, other, 'uts', 'net', 'pid');
      },
    },
    {
      id: 'is-root-there',
      needs: 'kernel',
      async run(attempt) {
        const types = ['user', 'uts', 'network', 'pid'];
        const { other, guest } = await enterAnother(attempt, 'user', types);
        isWith(attempt, guest, other, 'user', 'uts', 'net', 'pid');
        attempt.equal(guest.field('Uid')[0], '100000', 'Uid');
      },
    },
  ],
  async show(attempt) {
    await enter(attempt, ['user', 'mount', 'pid', 'cgroup'], {
      cgroups: FILES,
      cgroupNamespaceFd: 8,
    });
  },
};

const ALL = ['user', 'mount', 'uts', 'ipc', 'network', 'pid', 'cgroup', 'time'];

function randomTarget(): Target {
  const choices = [{}, { cgroups: FILES }, { cgroups: BORN }];
  const cgroups = choices[Math.floor(Math.random() * choices.length)] ?? {};
  return Math.random() < 0.5 ? cgroups : { ...cgroups, cgroupNamespaceFd: 8 };
}
