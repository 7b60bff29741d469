import type { Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { attributeNames, propagationNames } from '../flags.ts';

interface Change {
  readonly set: number;
  readonly clear: number;
}

interface Options {
  readonly bind: unknown;
  readonly attributes: Change;
  readonly recursive: Change;
  readonly propagation: readonly { readonly type: number; readonly recursive: boolean }[];
  readonly parameters: unknown;
  readonly copyUp: unknown;
  readonly idmap: unknown;
}

async function parse(attempt: Attempt, options: string[], type?: string): Promise<Options> {
  const args = type === undefined ? [options] : [options, type];
  return (await attempt.call('parseMountOptions', ...args)) as Options;
}

const NOTHING = { set: '0', clear: '0' };

function named({ set, clear }: Change): { set: string; clear: string } {
  return { set: attributeNames(set), clear: attributeNames(clear) };
}

export const exercise: Exercise = {
  id: '04.1',
  points: 10,
  checks: [
    {
      id: 'attributes',
      async run(attempt) {
        const none = await parse(attempt, []);
        attempt.equal(named(none.attributes), NOTHING, 'attributes');
        const three = await parse(attempt, ['nosuid', 'ro', 'exec']);
        const set = 'MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOSUID';
        const expected = { set, clear: 'MOUNT_ATTR_NOEXEC' };
        attempt.equal(named(three.attributes), expected, 'attributes');
        attempt.equal(three.parameters, [], 'parameters');
      },
    },
    {
      id: 'later-wins',
      async run(attempt) {
        const writable = await parse(attempt, ['ro', 'rw']);
        const cleared = { set: '0', clear: 'MOUNT_ATTR_RDONLY' };
        attempt.equal(named(writable.attributes), cleared, 'attributes');
        const readonly = await parse(attempt, ['rw', 'ro']);
        const set = { set: 'MOUNT_ATTR_RDONLY', clear: '0' };
        attempt.equal(named(readonly.attributes), set, 'attributes');
      },
    },
    {
      id: 'a-field',
      async run(attempt) {
        const field = 'MOUNT_ATTR__ATIME';
        const one = await parse(attempt, ['ro', 'noatime']);
        const noatime = { set: 'MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOATIME', clear: field };
        attempt.equal(named(one.attributes), noatime, 'attributes');
        const two = await parse(attempt, ['noatime', 'strictatime']);
        const strict = { set: 'MOUNT_ATTR_STRICTATIME', clear: field };
        attempt.equal(named(two.attributes), strict, 'attributes');
      },
    },
    {
      id: 'recursive',
      async run(attempt) {
        const below = await parse(attempt, ['rro', 'nosuid', 'relatime']);
        const recursive = { set: 'MOUNT_ATTR_RDONLY', clear: '0' };
        attempt.equal(named(below.recursive), recursive, 'recursive');
        const own = { set: 'MOUNT_ATTR_NOSUID', clear: 'MOUNT_ATTR__ATIME' };
        attempt.equal(named(below.attributes), own, 'attributes');
      },
    },
    {
      id: 'propagation',
      async run(attempt) {
        const { propagation } = await parse(attempt, ['shared', 'ro', 'rslave']);
        const seen = propagation.map((each) => ({ ...each, type: propagationNames(each.type) }));
        const expected = [
          { type: 'MS_SHARED', recursive: false },
          { type: 'MS_SLAVE', recursive: true },
        ];
        attempt.equal(seen, expected, 'propagation');
      },
    },
    {
      id: 'switches',
      async run(attempt) {
        const plain = await parse(attempt, ['ro'], 'tmpfs');
        attempt.equal(plain.bind, undefined, 'bind');
        attempt.equal((await parse(attempt, ['ro'], 'bind')).bind, 'bind', 'bind');
        attempt.equal((await parse(attempt, ['rbind'], 'bind')).bind, 'rbind', 'bind');
        attempt.equal((await parse(attempt, ['rbind', 'bind'])).bind, 'bind', 'bind');
        const { idmap } = await parse(attempt, ['idmap', 'ridmap']);
        attempt.equal(idmap, 'ridmap', 'idmap');
        attempt.equal(plain.copyUp, false, 'copyUp');
        attempt.equal((await parse(attempt, ['tmpcopyup'])).copyUp, true, 'copyUp');
      },
    },
    {
      id: 'parameters',
      async run(attempt) {
        const { parameters } = await parse(attempt, ['size=64m', 'noswap', 'ro', 'context=a=b']);
        const expected = [
          { key: 'size', value: '64m' },
          { key: 'noswap' },
          { key: 'context', value: 'a=b' },
        ];
        attempt.equal(parameters, expected, 'parameters');
      },
    },
    {
      id: 'taken-back',
      async run(attempt) {
        const undone = await parse(attempt, ['sync', 'size=1m', 'async']);
        attempt.equal(undone.parameters, [{ key: 'size', value: '1m' }], 'parameters');
        const done = await parse(attempt, ['async', 'sync']);
        attempt.equal(done.parameters, [{ key: 'sync' }], 'parameters');
        const defaults = await parse(attempt, ['defaults', 'remount', 'loud', 'lazytime']);
        attempt.equal(defaults.parameters, [{ key: 'lazytime' }], 'parameters');
      },
    },
    {
      id: 'any-options',
      async run(attempt) {
        for (let round = 0; round < 30; round += 1) {
          const type = TYPES[Math.floor(Math.random() * TYPES.length)];
          await attempt.agrees('parseMountOptions', randomOptions(), type);
          await attempt.agrees('combineAttributes', randomChange(), randomChange());
        }
      },
    },
  ],
  async show(attempt) {
    await parse(attempt, ['rbind', 'rro', 'nosuid', 'noatime', 'rslave', 'size=64m']);
  },
};

const TYPES = ['bind', 'tmpfs', 'proc'];
const SOME = (
  'ro rw rro rrw nosuid suid rnosuid nodev dev noexec exec rexec noatime atime relatime ' +
  'strictatime nostrictatime rnoatime rrelatime nodiratime nosymfollow shared rshared slave rslave ' +
  'private rprivate unbindable bind rbind idmap ridmap tmpcopyup sync async dirsync mand nomand ' +
  'lazytime nolazytime defaults remount silent acl size=64m mode=1777 noswap hidepid=2 r runner a=b=c x='
).split(' ');

function randomOptions(): string[] {
  const count = Math.floor(Math.random() * 12);
  return Array.from({ length: count }, () => SOME[Math.floor(Math.random() * SOME.length)] ?? '');
}

/** Some of the attributes' eight lowest bits. */
function randomChange(): Change {
  return { set: Math.floor(Math.random() * 256), clear: Math.floor(Math.random() * 256) };
}
