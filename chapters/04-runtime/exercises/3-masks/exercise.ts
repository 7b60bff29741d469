import path from 'node:path';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import type { ProgramView } from '../../../../tests/grader/learner/protocol.ts';
import { mountsOf, namesIn, settled, textOf } from '../host.ts';

/** The container's root in the programs that nobody runs. */
const ROOT = 9;
const [READONLY, MASKED] = ['appendReadonlyPaths', 'appendMaskedPaths'];

function originsOf({ lines }: ProgramView): unknown[] {
  return [...new Set(lines.map((line) => /# (.*)$/.exec(line)?.[1]))];
}

export const exercise: Exercise = {
  id: '04.3',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'in-the-root',
      async run(attempt) {
        const open =
          'openat2(9, "proc/sys", {flags=O_CLOEXEC|O_PATH, resolve=RESOLVE_IN_ROOT}, 24)';
        for (const name of [READONLY, MASKED]) {
          const { calls } = await attempt.program(name, ROOT, ['/proc/sys']);
          attempt.equal(calls[0]?.replace(/ {3}.*/, ''), open, 'operation 0');
        }
        const root = await attempt.program(READONLY, ROOT, ['/']);
        attempt.inOrder(root, 'openat2(9, ".", ');
      },
    },
    {
      id: 'readonly-copy',
      async run(attempt) {
        const program = await attempt.program(READONLY, ROOT, ['/proc/sys']);
        attempt.inOrder(
          program,
          'openat2(',
          'open_tree($0, "", AT_EMPTY_PATH|',
          'mount_setattr($1, "", AT_EMPTY_PATH',
          'move_mount($1, "", $0, ""',
        );
        attempt.inOrder(program, 'move_mount(', 'close($1)');
        attempt.inOrder(program, 'move_mount(', 'close($0)');
      },
    },
    {
      id: 'all-below',
      async run(attempt) {
        const program = await attempt.program(READONLY, ROOT, ['/proc/sys']);
        attempt.inOrder(
          program,
          'open_tree($0, "", AT_EMPTY_PATH|AT_RECURSIVE|',
          'mount_setattr($1, "", AT_EMPTY_PATH|AT_RECURSIVE, {set=MOUNT_ATTR_RDONLY, clr=0,',
        );
      },
    },
    {
      id: 'not-there',
      async run(attempt) {
        for (const name of [READONLY, MASKED]) {
          const { calls } = await attempt.program(name, ROOT, ['/proc/asound']);
          const [, , ...notes] = /^(openat2\(.*?\)) {3}(.*)$/.exec(calls[0] ?? '') ?? [];
          attempt.equal(notes.join(''), `?ENOENT   error→${calls.length}`, 'operation 0');
        }
      },
    },
    {
      id: 'null-over-a-file',
      async run(attempt) {
        const program = await attempt.program(MASKED, ROOT, ['/proc/kcore']);
        const clone = 'open_tree(AT_FDCWD, "/dev/null", OPEN_TREE_CLOEXEC|OPEN_TREE_CLONE)';
        attempt.inOrder(program, 'openat2(9, "proc/kcore"', clone, 'move_mount($1, "", $0, ""');
        const attach = program.calls.find((call) => call.startsWith('move_mount($1')) ?? '—';
        attempt.holds(/ {3}\?EINVAL\b/.test(attach), 'einval', attach);
      },
    },
    {
      id: 'tmpfs-over-a-directory',
      async run(attempt) {
        const program = await attempt.program(MASKED, ROOT, ['/sys/firmware']);
        const attributes = ['NODEV', 'NOEXEC', 'NOSUID', 'RDONLY'];
        const flags = attributes.map((name) => `MOUNT_ATTR_${name}`).join('|');
        attempt.inOrder(
          program,
          'move_mount($1',
          'fsopen("tmpfs"',
          `fsmount($3, FSMOUNT_CLOEXEC, ${flags})`,
          'move_mount($5, "", $0, ""',
          'close($5)',
          'close($1)',
          'close($0)',
        );
        const attach = program.calls.find((call) => call.startsWith('move_mount($1')) ?? '';
        const next = program.calls.indexOf('close($1)');
        attempt.holds(attach.endsWith(`success→${next}`), 'skips-tmpfs', attach);
      },
    },
    {
      id: 'origins',
      async run(attempt) {
        const paths = ['/proc/acpi', '/proc/keys'];
        const readonly = await attempt.program(READONLY, ROOT, paths);
        const first = ['/linux/readonlyPaths/0', '/linux/readonlyPaths/1'];
        attempt.equal(originsOf(readonly), first, 'origins');
        const masked = await attempt.program(MASKED, ROOT, paths);
        const second = ['/linux/maskedPaths/0', '/linux/maskedPaths/1'];
        attempt.equal(originsOf(masked), second, 'origins');
      },
    },
    {
      id: 'any-paths',
      async run(attempt) {
        for (const name of [READONLY, MASKED]) {
          const root = Math.ceil(Math.random() * 999);
          await attempt.sameProgram(await attempt.program(name, root, []));
          await attempt.sameProgram(await attempt.program(name, root, randomPaths()));
        }
      },
    },
    {
      id: 'really-hidden',
      needs: 'kernel',
      async run(attempt) {
        const masks = ['/secret', '/missing', '/keys'];
        const { pid } = await settled(attempt, await attempt.drive('mask', 'mask', masks));
        attempt.equal(textOf(attempt, pid, '/mnt/root/secret'), '', '/secret');
        attempt.equal(namesIn(attempt, pid, '/mnt/root/keys'), [], '/keys');
      },
    },
    {
      id: 'really-read-only',
      needs: 'kernel',
      async run(attempt) {
        const outcome = await attempt.drive('readonly', 'makeReadonly', ['/data']);
        const { pid } = await settled(attempt, outcome);
        const mounts = mountsOf(attempt, pid).filter(({ at }) => at.startsWith('/mnt/root/data'));
        const top = mounts.slice(2).map(({ at, options }) => `${at} ${options.slice(0, 2)}`);
        attempt.equal(top, ['/mnt/root/data ro', '/mnt/root/data/sub ro'], 'mounts');
      },
    },
    {
      id: 'never-outside',
      needs: 'kernel',
      async run(attempt) {
        const outcome = await attempt.drive('escape', 'mask', ['/escape']);
        const { pid } = await settled(attempt, outcome);
        attempt.equal(namesIn(attempt, pid, '/mnt/outside'), ['one'], '/mnt/outside');
      },
    },
  ],
  async show(attempt) {
    await attempt.program(MASKED, ROOT, ['/proc/kcore']);
  },
};

function randomPaths(): string[] {
  const count = 1 + Math.floor(Math.random() * 4);
  return Array.from({ length: count }, () => `/proc/${Math.ceil(Math.random() * 999)}/fd`);
}
