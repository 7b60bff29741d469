import path from 'node:path';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { Witness } from '../../../../tests/grader/kernel.ts';
import type { ProgramView } from '../../../../tests/grader/learner/protocol.ts';

interface Entry {
  readonly type: string;
  readonly path?: string;
}

interface Options {
  readonly joinFds?: readonly number[];
  readonly userFirst?: boolean;
  readonly timeOffsets?: object;
  readonly cgroups?: object;
}

interface Outcome {
  readonly pid?: number;
  readonly failed?: string;
}

const NET: Entry = { type: 'network', path: '/run/netns/a' };
const USER: Entry = { type: 'user', path: '/proc/7/ns/user' };
const CLOCKS = { boottime: { secs: 1000 } };
const DIRECTORY = '/sys/fs/cgroup/box';
const FILES = { files: ['/sys/fs/cgroup/pids/box/cgroup.procs'] };
const BORN = { files: [], into: DIRECTORY };

function namespaces(
  attempt: Attempt,
  list: readonly Entry[],
  given: Options = {},
): Promise<ProgramView> {
  const options = { controlFd: 3, joinFds: [], ...given };
  const call = `appendNamespaces(program, planNamespaces(${show(list)}), ${show(options)})`;
  return attempt.driveProgram(named(call, undefined), 'namespaces', { list, options });
}

/** The calls that begin so, as they are written. */
function those({ calls }: ProgramView, beginning: string): string[] {
  return calls.filter((call) => call.startsWith(beginning));
}

async function settled(
  attempt: Attempt,
  { pid, failed }: Outcome,
  shown?: string,
): Promise<Witness> {
  attempt.holds(failed === undefined, 'no-failure', failed ?? '');
  return Witness.of(attempt, pid, shown);
}

function isElsewhere(attempt: Attempt, witness: Witness, ...files: string[]): void {
  for (const file of files) {
    const seen = `${file}: ${attempt.say('the-hosts')}`;
    attempt.holds(witness.isElsewhere(file), 'elsewhere', seen);
  }
}

/** The learner's process knows it by the second number, so what comes after is of a new one. */
function isProcessOne(attempt: Attempt, witness: Witness): void {
  attempt.equal(witness.field('NSpid').slice(2), ['1'], attempt.say('third-number'));
}

export const exercise: Exercise = {
  id: '01.6',
  points: 20,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'join-first',
      async run(attempt) {
        const program = await namespaces(attempt, [{ type: 'uts' }, NET], { joinFds: [7] });
        attempt.inOrder(program, 'setns(7, CLONE_NEWNET)', 'unshare(CLONE_NEWUTS)');
        const joinFds = [6, 7];
        const user = await namespaces(attempt, [NET, USER], { joinFds, userFirst: true });
        attempt.inOrder(user, 'setns(6, CLONE_NEWUSER)', 'setns(7, CLONE_NEWNET)');
      },
    },
    {
      id: 'user-owns',
      async run(attempt) {
        const program = await namespaces(attempt, [{ type: 'network' }, { type: 'user' }]);
        const unshares = ['unshare(CLONE_NEWUSER)', 'unshare(CLONE_NEWNET)'];
        attempt.equal(those(program, 'unshare'), unshares, attempt.say('made'));
        const joined = await namespaces(attempt, [{ type: 'network' }, USER], { joinFds: [6] });
        attempt.equal(those(joined, 'unshare'), ['unshare(CLONE_NEWNET)'], attempt.say('made'));
      },
    },
    {
      id: 'fork',
      async run(attempt) {
        const program = await namespaces(attempt, [{ type: 'uts' }, { type: 'pid' }]);
        attempt.inOrder(program, 'unshare(', 'clone(');
        const without = await namespaces(attempt, [{ type: 'uts' }, { type: 'mount' }]);
        attempt.equal(those(without, 'clone'), []);
      },
    },
    {
      id: 'born-into',
      async run(attempt) {
        const program = await namespaces(attempt, [{ type: 'uts' }], { cgroups: BORN });
        attempt.inOrder(program, 'unshare(CLONE_NEWUTS)', 'clone3({flags=CLONE_PARENT|');
      },
    },
    {
      id: 'cgroups',
      async run(attempt) {
        const list = [{ type: 'pid' }, NET];
        const program = await namespaces(attempt, list, { joinFds: [7], cgroups: FILES });
        const open = 'openat(AT_FDCWD, "/sys/fs/cgroup/pids/box/cgroup.procs"';
        attempt.inOrder(program, open, 'setns(7, ', 'unshare(', 'clone(', 'write($0, "0", 1)');
      },
    },
    {
      id: 'cgroup-namespace',
      async run(attempt) {
        const list = [{ type: 'cgroup' }, { type: 'pid' }];
        const program = await namespaces(attempt, list, { cgroups: FILES });
        const unshares = ['unshare(CLONE_NEWPID)', 'unshare(CLONE_NEWCGROUP)'];
        attempt.equal(those(program, 'unshare'), unshares, attempt.say('made'));
        attempt.inOrder(program, 'write($0, "0", 1)', 'unshare(CLONE_NEWCGROUP)');
      },
    },
    {
      id: 'clocks',
      async run(attempt) {
        const program = await namespaces(attempt, [{ type: 'time' }], { timeOffsets: CLOCKS });
        const open = 'openat(AT_FDCWD, "/proc/self/timens_offsets"';
        attempt.inOrder(program, 'unshare(CLONE_NEWTIME)', open, 'write(', 'clone(');
        const another = { type: 'time', path: '/proc/7/ns/time' };
        const options = { joinFds: [7], timeOffsets: CLOCKS };
        const joined = await namespaces(attempt, [another], options);
        attempt.equal(those(joined, open), []);
      },
    },
    {
      id: 'dumpable-clocks',
      async run(attempt) {
        const [on, off] = [1, 0].map((value) => `prctl(PR_SET_DUMPABLE, ${value}`);
        const order = [on ?? '', 'openat(', 'write(', off ?? '', 'clone('];
        const made = [{ type: 'user' }, { type: 'time' }];
        const program = await namespaces(attempt, made, { timeOffsets: CLOCKS });
        attempt.inOrder(program, 'unshare(CLONE_NEWTIME)', ...order);
        const options = { joinFds: [6], timeOffsets: CLOCKS };
        const joined = await namespaces(attempt, [USER, { type: 'time' }], options);
        attempt.inOrder(joined, 'unshare(CLONE_NEWTIME)', ...order);
      },
    },
    {
      id: 'any-plan',
      async run(attempt) {
        for (let round = 0; round < 10; round += 1) {
          const list = randomList();
          const joinFds = list.flatMap((entry, index) => ('path' in entry ? [10 + index] : []));
          await attempt.sameProgram(
            await namespaces(attempt, list, { joinFds, ...randomOptions() }),
          );
        }
      },
    },
    {
      id: 'is-in-all-of-them',
      needs: 'kernel',
      async run(attempt) {
        const types = ['user', 'uts', 'network', 'pid', 'time'];
        const list = types.map((type) => ({ type }));
        const outcome = await attempt.drive('inhabit', 'inhabit', { list, timeOffsets: CLOCKS });
        const witness = await settled(attempt, outcome as Outcome);
        isProcessOne(attempt, witness);
        isElsewhere(attempt, witness, 'user', 'uts', 'net', 'time');
        const offsets = witness.read('timens_offsets');
        const set = /^boottime +1000 +0$/m.test(offsets);
        attempt.holds(set, 'offset', offsets);
      },
    },
    {
      id: 'joins-and-makes',
      needs: 'kernel',
      async run(attempt) {
        const list = ['user', 'uts', 'pid'].map((type) => ({ type }));
        const { other, joined } = (await attempt.drive('share', 'share', list)) as {
          other: number;
          joined: Outcome;
        };
        const witness = await settled(attempt, joined);
        const net = (await Witness.of(attempt, other, 'OTHER')).namespace('net');
        attempt.holds(witness.namespace('net') === net, 'same-net', witness.namespace('net'));
        isProcessOne(attempt, witness);
        isElsewhere(attempt, witness, 'user', 'uts', 'net');
      },
    },
  ],
  async show(attempt) {
    const list = ['user', 'mount', 'pid', 'cgroup'].map((type) => ({ type }));
    await namespaces(attempt, [NET, ...list], { joinFds: [7], cgroups: BORN });
  },
};

const ALL = ['user', 'mount', 'uts', 'ipc', 'network', 'pid', 'cgroup', 'time'];

function pick<T>(...choices: readonly T[]): T | undefined {
  return choices[Math.floor(Math.random() * choices.length)];
}

/** Some kinds in any order, half of them to be joined. */
function randomList(): Entry[] {
  return ALL.map((type) => ({ type, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, Math.floor(Math.random() * 9))
    .map(({ type }) => (Math.random() < 0.5 ? { type } : { type, path: '/proc/7/ns/x' }));
}

function randomOptions(): Options {
  const byParent = { files: [], byParent: true };
  return {
    ...pick({}, { userFirst: true }),
    ...pick({}, { timeOffsets: CLOCKS }),
    ...pick({}, { cgroups: FILES }, { cgroups: BORN }, { cgroups: byParent }),
  };
}
