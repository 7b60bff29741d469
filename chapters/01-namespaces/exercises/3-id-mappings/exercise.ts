import path from 'node:path';
import type { Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { Witness } from '../../../../tests/grader/kernel.ts';

interface Mapping {
  readonly containerID: number;
  readonly hostID: number;
  readonly size: number;
}

const ROOT = { privileged: true, uid: 0, gid: 0 };
const USER = { privileged: false, uid: 1000, gid: 1001 };

/** `map(0, 100_000, 65_536)`: inside, outside, how many. */
const map = (containerID: number, hostID: number, size: number): Mapping => ({
  containerID,
  hostID,
  size,
});

const MYSELF = { uid: [map(0, 1000, 1)], gid: [map(0, 1001, 1)] };

function plan(
  attempt: Attempt,
  mappings: { readonly uid: readonly Mapping[]; readonly gid: readonly Mapping[] },
  writer: typeof ROOT,
): Promise<unknown> {
  return attempt.call('planIdMappings', mappings, writer);
}

export const exercise: Exercise = {
  id: '01.3',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'text',
      async run(attempt) {
        const text = await attempt.call('idMapText', [map(0, 100_000, 65_536), map(70_000, 5, 1)]);
        attempt.equal(text, '0 100000 65536\n70000 5 1\n');
      },
    },
    {
      id: 'root-writes',
      async run(attempt) {
        const steps = await plan(
          attempt,
          { uid: [map(0, 100_000, 65_536)], gid: [map(0, 200_000, 10)] },
          ROOT,
        );
        attempt.equal(steps, [
          { write: 'uid_map', text: '0 100000 65536\n' },
          { write: 'gid_map', text: '0 200000 10\n' },
        ]);
      },
    },
    {
      id: 'no-mappings',
      async run(attempt) {
        const onlyUsers = await plan(attempt, { uid: [map(0, 100_000, 10)], gid: [] }, ROOT);
        attempt.equal(onlyUsers, [{ write: 'uid_map', text: '0 100000 10\n' }]);
        attempt.equal(await plan(attempt, { uid: [], gid: [] }, USER), []);
      },
    },
    {
      id: 'myself',
      async run(attempt) {
        attempt.equal(await plan(attempt, MYSELF, USER), [
          { write: 'setgroups', text: 'deny' },
          { write: 'uid_map', text: '0 1000 1\n' },
          { write: 'gid_map', text: '0 1001 1\n' },
        ]);
      },
    },
    {
      id: 'helpers',
      async run(attempt) {
        const uid = [map(0, 1000, 1), map(1, 100_000, 65_536)];
        const gid = [map(0, 100_000, 65_536)];
        attempt.equal(await plan(attempt, { uid, gid }, USER), [
          { run: 'newuidmap', ranges: ['0', '1000', '1', '1', '100000', '65536'] },
          { run: 'newgidmap', ranges: ['0', '100000', '65536'] },
        ]);
      },
    },
    {
      id: 'more-than-myself',
      async run(attempt) {
        const another = await plan(attempt, { uid: [map(0, 1002, 1)], gid: [] }, USER);
        attempt.equal(another, [{ run: 'newuidmap', ranges: ['0', '1002', '1'] }]);
        const two = await plan(attempt, { uid: [map(0, 1000, 2)], gid: [] }, USER);
        attempt.equal(two, [{ run: 'newuidmap', ranges: ['0', '1000', '2'] }]);
      },
    },
    {
      id: 'each-map',
      async run(attempt) {
        const many = [map(0, 100_000, 65_536)];
        attempt.equal(await plan(attempt, { ...MYSELF, uid: many }, USER), [
          { write: 'setgroups', text: 'deny' },
          { run: 'newuidmap', ranges: ['0', '100000', '65536'] },
          { write: 'gid_map', text: '0 1001 1\n' },
        ]);
        attempt.equal(await plan(attempt, { ...MYSELF, gid: many }, USER), [
          { write: 'uid_map', text: '0 1000 1\n' },
          { run: 'newgidmap', ranges: ['0', '100000', '65536'] },
        ]);
      },
    },
    {
      id: 'any-mappings',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          const mappings = { uid: randomMappings(1000), gid: randomMappings(1001) };
          await attempt.agrees('planIdMappings', mappings, { ...USER, privileged: pick(2) === 0 });
        }
      },
    },
    {
      id: 'maps-itself',
      needs: 'kernel',
      async run(attempt) {
        const { pid, failed } = (await attempt.drive('map-itself', 'mapItself')) as {
          pid: number;
          failed?: string;
        };
        const witness = await Witness.of(attempt, pid);
        const [users, groups] = ['uid_map', 'gid_map'].map((file) => numbers(witness.read(file)));
        const setgroups = witness.read('setgroups');
        attempt.holds(failed === undefined, 'no-refusal', failed ?? '');
        attempt.equal([users, groups], ['0 42424 1', '0 42424 1'], 'uid_map, gid_map');
        attempt.equal(setgroups, 'deny', 'setgroups');
      },
    },
  ],
  async show(attempt) {
    await plan(attempt, MYSELF, USER);
  },
};

/** The kernel puts a map's numbers into columns. */
function numbers(text: string): string {
  return text.trim().split(/\s+/).join(' ');
}

function pick(count: number): number {
  return Math.floor(Math.random() * count);
}

/** None, the writer itself, or what is nearly that. */
function randomMappings(id: number): Mapping[] {
  const own = map(pick(2), id, 1);
  const choices = [
    [],
    [own],
    [map(0, id + 1, 1)],
    [map(0, id, 2 + pick(9))],
    [map(id, 0, 1)],
    [own, map(10, 100_000 + pick(1000), 1 + pick(1000))],
  ];
  return choices[pick(choices.length)] ?? [];
}
