/**
 * The whole command: on this machine, and on one whose kernel lacks some calls, which a filter makes
 * of it. Observed from outside: what it prints, how it ends, and that it leaves nothing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, closeSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileSeccomp } from 'coracle/runtime';
import {
  bytes,
  PR_SET_NO_NEW_PRIVS,
  SECCOMP_SET_MODE_FILTER,
  SIG_SETMASK,
  socketpair,
  spawnProgram,
  SyscallProgram,
  words,
} from 'coracle/sys';
import { leaksSince, takeSnapshot } from '../../helpers/leaks.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const main = path.join(root, 'chapters/12-engine/workbook/main.ts');

interface Seen {
  readonly leftovers: readonly object[];
  readonly ok: boolean;
  readonly missing: readonly string[];
  readonly features: readonly {
    readonly name: string;
    readonly answer: string;
    readonly why?: string;
  }[];
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'workbook-doctor-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function answers({ features }: Seen): Record<string, string> {
  return Object.fromEntries(features.map(({ name, answer }) => [name, answer]));
}

describe('on this machine', () => {
  let before = takeSnapshot();
  let seen: Seen;
  let status: number | null;

  beforeAll(() => {
    before = takeSnapshot();
    const result = spawnSync(process.execPath, [main, 'doctor', '--json'], { encoding: 'utf8' });
    status = result.status;
    seen = JSON.parse(result.stdout) as Seen;
  });

  it('Coracle can work, and the exit code is 0', () => {
    expect([seen.missing, seen.ok, status]).toEqual([[], true, 0]);
  });

  it('every feature was tried', () => {
    const failed = seen.features.filter(({ why = '' }) => /probe|could not be tried/.test(why));
    expect(failed).toEqual([]);
  });

  it('the answers are those of this version of the kernel', () => {
    const tried = answers(seen);
    const since = (major: number, minor: number): string => (isSince(major, minor) ? 'yes' : 'no');
    expect({
      byName: tried['executable memory files by name'],
      oneByOne: tried['overlay layers one by one'],
      detached: tried['overlay of detached mounts'],
      volatile: tried['overlay volatile'],
      timeNamespaces: tried['time namespaces'],
    }).toEqual({
      byName: since(6, 3),
      oneByOne: since(6, 7),
      detached: since(6, 15),
      volatile: since(5, 10),
      timeNamespaces: since(5, 6),
    });
  });

  it('nothing is left of the trials', async () => {
    const leaks = await leaksSince(before);
    expect(leaks.filter((leak) => /doctor|trial/.test(leak))).toEqual([]);
  });
});

/**
 * Empty folders for temporary files, no cgroups, no links, no other processes: nobody's but ours.
 * The folder's name must not be on the shell's command line, or the shell would be its user.
 */
const ownMachine = `
  mount --rbind "$0" /mnt
  for place in /tmp /var/tmp /dev/shm /run; do mount -t tmpfs left $place; done
  umount -R -l /sys/fs/cgroup
  mkdir /tmp/coracle-notes-BBBBBB
  folder=$(printf '/tmp/coracle-%s-AAAAAA' demo)
  mkdir -p $folder/root
  mount -t tmpfs left $folder/root
  /mnt/"$1" /mnt/chapters/12-engine/workbook/main.ts doctor --repair --json
  code=$?
  ls /tmp >&2
  exit $code`;

describe('--repair, on a machine of its own', () => {
  let seen: Seen;
  let said: string;
  let status: number | null;

  beforeAll(() => {
    const node = path.relative(root, process.execPath);
    const spaces = ['--mount', '--net', '--pid', '--fork', '--mount-proc'];
    const args = [...spaces, 'sh', '-uc', ownMachine, root, node];
    const result = spawnSync('unshare', args, { encoding: 'utf8' });
    ({ stderr: said, status } = result);
    seen = JSON.parse(result.stdout) as Seen;
  });

  it('says each thing that it removes, and leaves what is not Coracle’s', () => {
    expect(said).toBe(
      'doctor: removed: mount /tmp/coracle-demo-AAAAAA/root\n' +
        'doctor: removed: folder /tmp/coracle-demo-AAAAAA\n' +
        'coracle-notes-BBBBBB\n',
    );
    expect(seen.leftovers).toEqual([]);
  });

  it('finds that a machine without cgroups will not do', () => {
    expect(status).toBe(1);
    expect(seen.missing).toEqual([
      expect.stringMatching(/^cgroups: no control group hierarchy is mounted/),
      expect.stringMatching(/^device control: no control group hierarchy is mounted/),
    ]);
  });
});

describe('on a kernel without openat2, mount_setattr and clone3', () => {
  let seen: Seen;
  let code: number | undefined;

  beforeAll(() => {
    const file = path.join(folder, 'filtered.json');
    code = runFiltered(['openat2', 'mount_setattr', 'clone3'], file);
    seen = JSON.parse(readFileSync(file, 'utf8')) as Seen;
  });

  it('Coracle cannot work, and the exit code is 1', () => {
    expect([seen.ok, code]).toEqual([false, 1]);
  });

  it('those three are missing, and nothing else that is needed', () => {
    expect(seen.missing).toEqual([
      'mount_setattr: the kernel has no mount_setattr',
      expect.stringMatching(/^openat2: openat2\(.*ENOSYS/),
      expect.stringMatching(/^born in a cgroup: clone3\(.*ENOSYS/),
    ]);
  });
});

it.each([
  [['--repiar'], "Unknown option '--repiar'"],
  [['now'], 'Unexpected argument'],
])('refuses %j with exit code 2', (args, why) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'doctor', ...args], {
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(why);
  expect(stderr).toContain('Usage: ./workbook doctor [--repair] [--json]');
});

function isSince(major: number, minor: number): boolean {
  const [own = 0, ownMinor = 0] = release().split('.').map(Number);
  return own > major || (own === major && ownMinor >= minor);
}

/** Runs the doctor with those calls answered by ENOSYS, its output in a file. */
function runFiltered(names: string[], file: string): number | undefined {
  const output = openSync(file, 'w');
  const [control, childControl] = socketpair();
  const seccomp = compileSeccomp({
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures: [process.arch === 'x64' ? 'SCMP_ARCH_X86_64' : 'SCMP_ARCH_AARCH64'],
    syscalls: [{ names, action: 'SCMP_ACT_ERRNO', errnoRet: 38 }],
  });
  const program = new SyscallProgram();
  program.call('dup3', [output, 1, 0]);
  program.call('rt_sigprocmask', [SIG_SETMASK, bytes(new Uint8Array(8), '[]'), null, 8]);
  program.call('prctl', [PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0]);
  const filter = bytes(seccomp?.filter ?? new Uint8Array(), '{filter}');
  const descriptor = words([(seccomp?.filter.length ?? 0) / 8, filter], '{sock_fprog}');
  program.call('seccomp', [SECCOMP_SET_MODE_FILTER, 0, descriptor]);
  const argv = words([process.execPath, main, 'doctor', '--json', null]);
  const env = words([`PATH=${process.env['PATH'] ?? ''}`, null]);
  program.call('execve', [process.execPath, argv, env]);
  using child = spawnProgram(program, { control, childControl, keep: [output, 2], name: 'doctor' });
  closeSync(output);
  while (child.receive() !== undefined);
  const status = child.wait();
  return 'code' in status ? status.code : undefined;
}
