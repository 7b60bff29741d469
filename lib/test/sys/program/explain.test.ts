import { describe, expect, test } from 'vitest';
import * as sys from '../../../src/sys/index.ts';
import { SIGNATURES, type ArgumentKind } from '../../../src/sys/signatures.ts';
import type { NameTable } from '../../../src/sys/names.ts';

const { SyscallProgram, explain, place, load, space, words } = sys;

function explained(build: (program: sys.SyscallProgram) => void): string[] {
  const program = new SyscallProgram();
  build(program);
  return explain(program);
}

test('a program of a container reads as annotated strace lines', () => {
  const controlFd = 7;
  const lines = explained((program) => {
    program.call('close_range', [8, 0xffffffff, 0]);
    program.call('unshare', [sys.CLONE_NEWNS | sys.CLONE_NEWPID]);
    program.from('/linux/namespaces/0', () => {
      const notice = sys.noticeWithValue(2);
      const flags = sys.CLONE_PARENT | sys.SIGCHLD;
      const child = program.call('clone', [flags, null, null, null, null], {
        storeAt: notice.value,
      });
      program.skipWhen(child, 'zero', () => {
        program.call('write', [controlFd, notice.block, sys.NOTICE_SIZE]);
        program.call('exit_group', [0]);
      });
    });
    program.from('/mounts/0', () => {
      const mount = sys.createMount(program, 'tmpfs', [{ key: 'mode', value: '755' }], 2);
      sys.attachMount(program, mount, sys.openInRoot(program, 5, 'dev', sys.O_PATH));
    });
    program.call('mount', [null, '/', null, sys.MS_REC | sys.MS_SLAVE, null]);
    program.call('mknodat', [5, 'null', sys.S_IFCHR | 0o666, 0x103], { tolerate: 'EEXIST' });
    program.call('prctl', [sys.PR_SET_PDEATHSIG, sys.SIGKILL]);
    sys.notify(program, controlFd, 4);
    program.call('read', [controlFd, space(8), 8], { zeroIsFailure: true });
    program.call('fcntl', [controlFd, sys.F_SETFD, sys.FD_CLOEXEC]);
    program.call('execve', ['/bin/sh', words(['sh', '-c', null]), words([null])]);
  });
  expect(lines).toEqual([
    ' 0  close_range(8, ~0U, 0)',
    ' 1  unshare(CLONE_NEWNS|CLONE_NEWPID)',
    ' 2  clone(CLONE_PARENT|SIGCHLD, NULL, NULL, NULL, NULL)   =>{notice 2, value}+8   zero→5   # /linux/namespaces/0',
    ' 3  write(7, {notice 2, value}, 16)   # /linux/namespaces/0',
    ' 4  exit_group(0)   # /linux/namespaces/0',
    ' 5  fsopen("tmpfs", FSOPEN_CLOEXEC)   # /mounts/0',
    ' 6  fsconfig($5, FSCONFIG_SET_STRING, "mode", "755", 0)   # /mounts/0',
    ' 7  fsconfig($5, FSCONFIG_CMD_CREATE, NULL, NULL, 0)   # /mounts/0',
    ' 8  fsmount($5, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID)   # /mounts/0',
    ' 9  close($5)   # /mounts/0',
    '10  openat2(5, "dev", {flags=O_CLOEXEC|O_PATH, resolve=RESOLVE_IN_ROOT}, 24)   # /mounts/0',
    '11  move_mount($8, "", $10, "", MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH)   # /mounts/0',
    '12  mount(NULL, "/", NULL, MS_REC|MS_SLAVE, NULL)',
    '13  mknodat(5, "null", S_IFCHR|0666, makedev(1, 3))   ?EEXIST',
    '14  prctl(PR_SET_PDEATHSIG, SIGKILL)',
    '15  write(7, {notice 4}, 16)',
    '16  read(7, {8 bytes of space}, 8)   ?>0',
    '17  fcntl(7, F_SETFD, FD_CLOEXEC)',
    '18  execve("/bin/sh", ["sh", "-c", NULL], [NULL])',
  ]);
});

/** A call as `explain` shows it, without its number. */
function shown(name: sys.SyscallName, ...args: sys.Argument[]): string {
  return explained((program) => program.call(name, args))[0]?.slice(3) ?? '';
}

describe('a number is shown as its call understands it', () => {
  test.each<[string, sys.SyscallName, sys.Argument[]]>([
    ['fcntl(3, F_SETFD, 0)', 'fcntl', [3, 2, 0]],
    ['fcntl(3, F_GETFD)', 'fcntl', [3, 1]],
    ['fcntl(3, F_ADD_SEALS, F_SEAL_SEAL|F_SEAL_WRITE)', 'fcntl', [3, 1033, 9]],
    ['fcntl(3, F_DUPFD_CLOEXEC, 10)', 'fcntl', [3, 1030, 10]],
    ['clone(SIGCHLD, NULL)', 'clone', [17, 0]],
    ['clone(CLONE_VM|CLONE_VFORK|SIGCHLD)', 'clone', [0x4111]],
    ['clone(0)', 'clone', [0]],
    ['clone(CLONE_NEWPID|99)', 'clone', [0x20000000 + 99]],
    ['unshare(CLONE_NEWTIME)', 'unshare', [0x80]],
    ['setns(3, CLONE_NEWNET)', 'setns', [3, 0x40000000]],
    ['openat(AT_FDCWD, "/", O_RDONLY|O_CLOEXEC, 00)', 'openat', [-100, '/', 0o2000000, 0]],
    ['openat(3, "x", O_RDWR|O_CREAT, 0600)', 'openat', [3, 'x', 0o102, 0o600]],
    ['prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0)', 'prctl', [47, 4, 0]],
    ['prctl(PR_SET_NO_NEW_PRIVS, 1)', 'prctl', [38, 1]],
    ['prctl(PR_CAPBSET_DROP, 4)', 'prctl', [24, 4]],
    ['prctl(PR_SET_NAME, "init")', 'prctl', [15, 'init']],
    ['kill(1, SIGTERM)', 'kill', [1, 15]],
    ['rt_sigaction(SIGPIPE, NULL, NULL, 8)', 'rt_sigaction', [13, null, null, 8]],
    ['rt_sigprocmask(SIG_SETMASK, NULL)', 'rt_sigprocmask', [2, null]],
    ['ioctl(3, TIOCGPTPEER, O_RDWR|O_NOCTTY)', 'ioctl', [3, 0x5441, 0o402]],
    ['ioctl(3, TIOCSCTTY, 0)', 'ioctl', [3, 0x540e, 0]],
    ['keyctl(KEYCTL_JOIN_SESSION_KEYRING, "x")', 'keyctl', [1, 'x']],
    ['umount2(".", MNT_DETACH|UMOUNT_NOFOLLOW)', 'umount2', ['.', 10]],
    ['unlinkat(3, "x", AT_REMOVEDIR)', 'unlinkat', [3, 'x', 0x200]],
    ['mkdirat(3, "x", 0755)', 'mkdirat', [3, 'x', 0o755]],
    ['mknodat(3, "x", S_IFIFO|0600, 0)', 'mknodat', [3, 'x', 0o10600, 0]],
    ['socket(AF_UNIX, SOCK_CLOEXEC|SOCK_SEQPACKET, 0)', 'socket', [1, 0o2000005, 0]],
    ['mount("a", "b", "c", MS_RDONLY|0x80000000, "d")', 'mount', ['a', 'b', 'c', 0x80000001, 'd']],
    ['execveat(3, "", NULL, NULL, AT_EMPTY_PATH)', 'execveat', [3, '', null, null, 0x1000]],
    ['seccomp(SECCOMP_SET_MODE_FILTER, 0, NULL)', 'seccomp', [1, 0, null]],
    ['write(1, "0 0 1\\n", 6)', 'write', [1, sys.bytes(Buffer.from('0 0 1\n')), 6]],
    ['write(1, {2 bytes}, 2)', 'write', [1, sys.bytes(Uint8Array.of(0, 200)), 2]],
    ['setresuid(-1, 0, 0)', 'setresuid', [-1, 0, 0]],
  ])('%s', (expected, name, args) => {
    expect(shown(name, ...args)).toBe(expected);
  });
});

test('a place has its offset, and a load says that it is read when the operation runs', () => {
  const block = words([1, 2]);
  expect(shown('read', load(place(block)), place(block, 8), load(place(block, 4)))).toBe(
    'read(*([1, 2]), [1, 2]+8, *([1, 2]+4))',
  );
});

test('mount attributes and their mask have names', () => {
  const lines = explained((program) =>
    sys.setMountAttributes(
      program,
      3,
      {
        set: sys.MOUNT_ATTR_RDONLY | sys.MOUNT_ATTR_NOATIME,
        clear: sys.MOUNT_ATTR__ATIME,
        propagation: sys.MS_PRIVATE,
      },
      true,
    ),
  );
  expect(lines).toEqual([
    '0  mount_setattr(3, "", AT_EMPTY_PATH|AT_RECURSIVE, ' +
      '{set=MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOATIME, clr=MOUNT_ATTR__ATIME, propagation=MS_PRIVATE}, 32)',
  ]);
});

describe('the tables of names', () => {
  const kinds = Object.entries(SIGNATURES).flatMap(([call, list]) =>
    list.flatMap((kind) => tablesOf(kind).map((table) => ({ call, ...table }))),
  );

  test.each(kinds)('of $call: no value has two names', ({ table }) => {
    const values = table().map(([, value]) => value);
    expect(values.length).toBeGreaterThan(0);
    expect(values).toEqual([...new Set(values)]);
  });
});

function tablesOf(kind: ArgumentKind): { table: NameTable }[] {
  if (typeof kind === 'string') return [];
  if ('of' in kind) return [...kind.cases.values()].flatMap(tablesOf);
  if ('oneOf' in kind) return [{ table: kind.oneOf }];
  return 'low' in kind ? [{ table: kind.flags }, { table: kind.low }] : [{ table: kind.flags }];
}
