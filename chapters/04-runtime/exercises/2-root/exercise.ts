import path from 'node:path';
import type { Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { propagationNames } from '../flags.ts';
import { mountPointsOf, namesIn, settled } from '../host.ts';

const ALL = [
  'private',
  'shared',
  'slave',
  'unbindable',
  'rprivate',
  'rshared',
  'rslave',
  'runbindable',
];

async function becomes(attempt: Attempt, asked: string | undefined, names: string): Promise<void> {
  const type = await attempt.call('hostPropagation', asked);
  attempt.equal(propagationNames(type), names, 'hostPropagation');
}

export const exercise: Exercise = {
  id: '04.2',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'slaves',
      async run(attempt) {
        await becomes(attempt, undefined, 'MS_REC|MS_SLAVE');
        await becomes(attempt, 'slave', 'MS_REC|MS_SLAVE');
        await becomes(attempt, 'private', 'MS_REC|MS_PRIVATE');
        await becomes(attempt, 'rprivate', 'MS_REC|MS_PRIVATE');
      },
    },
    {
      id: 'never-shared',
      async run(attempt) {
        for (const asked of ['shared', 'rshared', 'unbindable', 'runbindable']) {
          await becomes(attempt, asked, 'MS_REC|MS_SLAVE');
        }
      },
    },
    {
      id: 'own-mount',
      async run(attempt) {
        const program = await attempt.program('appendRootMount', '/b/rootfs', undefined);
        attempt.inOrder(
          program,
          'mount(NULL, "/", NULL, MS_REC|MS_SLAVE',
          'open_tree(AT_FDCWD, "/b/rootfs", AT_RECURSIVE|',
          'openat(AT_FDCWD, "/b/rootfs", O_CLOEXEC|O_PATH',
          'move_mount($1, "",',
          'close(',
        );
      },
    },
    {
      id: 'private-root',
      async run(attempt) {
        const set = 'mount_setattr($1, "", AT_EMPTY_PATH, {set=0, clr=0, propagation=MS_PRIVATE}';
        const own = await attempt.program('appendRootMount', '/b/rootfs', 'rshared');
        attempt.inOrder(own, 'open_tree(', set, 'openat(', 'move_mount(');
        for (const asked of ['slave', 'rslave']) {
          const { calls } = await attempt.program('appendRootMount', '/b/rootfs', asked);
          const change = calls.find((call) => call.startsWith('mount_setattr('));
          attempt.holds(change === undefined, 'stays-a-slave', change ?? '');
        }
      },
    },
    {
      id: 'pivot',
      async run(attempt) {
        const program = await attempt.program('appendPivotRoot', 9);
        attempt.inOrder(
          program,
          'openat(AT_FDCWD, "/", O_CLOEXEC|O_PATH',
          'fchdir(9)',
          'pivot_root(".", ".")',
        );
      },
    },
    {
      id: 'letting-go',
      async run(attempt) {
        const program = await attempt.program('appendPivotRoot', 9);
        attempt.inOrder(
          program,
          'pivot_root(',
          'fchdir($0)',
          'mount(NULL, ".", NULL, MS_REC|MS_SLAVE',
          'umount2(".", MNT_DETACH)',
          'chdir("/")',
          'close($0)',
        );
      },
    },
    {
      id: 'gives-the-clone',
      async run(attempt) {
        const program = await attempt.driveProgram('both', 'both');
        attempt.inOrder(program, 'open_tree(', 'move_mount($1,', 'fchdir($1)', 'pivot_root(');
        attempt.holds(!program.calls.includes('close($1)'), 'stays-open', 'close($1)');
      },
    },
    {
      id: 'origins',
      async run(attempt) {
        const { lines } = await attempt.program('appendRootMount', '/b/rootfs', 'rslave');
        const origins = lines.map((line) => /# (.*)$/.exec(line)?.[1]);
        const rest = Array<string>(4).fill('/root/path');
        attempt.equal(origins, ['/linux/rootfsPropagation', ...rest], 'origins');
      },
    },
    {
      id: 'any-root',
      async run(attempt) {
        for (const asked of [undefined, ...ALL]) {
          const rootfs = `/run/${Math.ceil(Math.random() * 999)}/rootfs`;
          const program = await attempt.program('appendRootMount', rootfs, asked);
          await attempt.sameProgram(program);
        }
        const root = Math.ceil(Math.random() * 999);
        await attempt.sameProgram(await attempt.program('appendPivotRoot', root));
      },
    },
    {
      id: 'sees-its-root-only',
      needs: 'kernel',
      async run(attempt) {
        const { pid } = await settled(attempt, await attempt.drive('enter', 'enter'));
        attempt.equal(mountPointsOf(attempt, pid), ['/'], 'mounts');
        attempt.equal(namesIn(attempt, pid, '/'), ['inside'], '/');
      },
    },
    {
      id: 'host-sees-nothing',
      needs: 'kernel',
      async run(attempt) {
        await settled(attempt, await attempt.drive('mount-shared', 'mountRoot', 'shared'));
        const host = await attempt.learnerPid();
        attempt.equal(mountPointsOf(attempt, host, 'HOST'), ['/mnt', '/mnt/data'], 'mounts');
      },
    },
    {
      id: 'host-loses-nothing',
      needs: 'kernel',
      async run(attempt) {
        await settled(attempt, await attempt.drive('pivot-shared', 'pivotFromShared'));
        const host = await attempt.learnerPid();
        attempt.equal(mountPointsOf(attempt, host, 'HOST'), ['/mnt', '/mnt/data'], 'mounts');
      },
    },
  ],
  async show(attempt) {
    await attempt.driveProgram('both', 'both');
  },
};
