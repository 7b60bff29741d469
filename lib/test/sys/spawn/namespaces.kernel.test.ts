/** Namespaces, mounts and forks as programs, seen from outside; nothing of this process changes. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  AT_FDCWD,
  attachMount,
  CLONE_NEWNS,
  CLONE_NEWUTS,
  CLONE_PARENT,
  cloneTree,
  createMount,
  hasCode,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_RDONLY,
  MS_PRIVATE,
  MS_REC,
  noticeWithValue,
  NOTICE_SIZE,
  O_PATH,
  openInRoot,
  place,
  receiveMessage,
  setMountAttributes,
  SIGCHLD,
  socketpair,
  words,
  type SyscallProgram,
} from '../../../src/sys/index.ts';
import { appendWait, observe, start } from './child.ts';

const SOL_SOCKET = 1n;
const SCM_RIGHTS = 1n;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coracle-spawn-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function namespaceOf(pid: number | 'self', kind: string): string {
  return readlinkSync(`/proc/${pid}/ns/${kind}`);
}

/** The options of the mount at a path as a process sees it; `undefined` where there is none. */
function mountAt(pid: number | 'self', path: string): string | undefined {
  const lines = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n');
  return lines.find((line) => line.split(' ')[4] === path)?.split(' ')[5];
}

/** A mount namespace from which nothing comes back. */
function appendPrivateMounts(program: SyscallProgram): void {
  program.call('unshare', [CLONE_NEWNS]);
  program.call('mount', [null, '/', null, MS_REC | MS_PRIVATE, null]);
}

test('a host name in a namespace of its own', () => {
  const before = namespaceOf('self', 'uts');
  observe(
    (program) => {
      program.call('unshare', [CLONE_NEWUTS]);
      program.call('sethostname', ['inside', 6]);
    },
    ({ pid }) => {
      expect(namespaceOf(pid, 'uts')).not.toBe(before);
      const enter = ['--uts', '--target', String(pid), 'uname', '-n'];
      expect(execFileSync('nsenter', enter, { encoding: 'utf8' })).toBe('inside\n');
    },
  );
  expect(namespaceOf('self', 'uts')).toBe(before);
});

test('a new filesystem is attached inside a root, with its attributes, and only there', () => {
  mkdirSync(join(folder, 'dev'));
  observe(
    (program) => {
      appendPrivateMounts(program);
      const root = program.call('openat', [AT_FDCWD, folder, O_PATH, 0]);
      const parameters = [
        { key: 'mode', value: '0711' },
        { key: 'size', value: '64k' },
      ];
      const mount = createMount(program, 'tmpfs', parameters, MOUNT_ATTR_NOSUID);
      attachMount(program, mount, openInRoot(program, root, 'dev', O_PATH));
    },
    ({ pid }) => {
      expect(mountAt(pid, join(folder, 'dev'))).toBe('rw,nosuid,relatime');
      expect(statSync(`/proc/${pid}/root${folder}/dev`).mode & 0o7777).toBe(0o711);
      expect(mountAt('self', join(folder, 'dev'))).toBeUndefined();
    },
  );
});

test('a copy of a tree becomes read-only without touching the original', () => {
  mkdirSync(join(folder, 'from'));
  mkdirSync(join(folder, 'to'));
  observe(
    (program) => {
      appendPrivateMounts(program);
      const tree = cloneTree(program, join(folder, 'from'), true);
      setMountAttributes(program, tree, { set: MOUNT_ATTR_RDONLY, propagation: MS_PRIVATE }, true);
      attachMount(program, tree, program.call('openat', [AT_FDCWD, join(folder, 'to'), O_PATH, 0]));
    },
    ({ pid }) => expect(mountAt(pid, join(folder, 'to'))).toMatch(/^ro,/),
  );
});

test('a symbolic link that leads out of the root is followed inside it', () => {
  symlinkSync('/etc', join(folder, 'link'));
  using child = start((program) => {
    const root = program.call('openat', [AT_FDCWD, folder, O_PATH, 0]);
    openInRoot(program, root, 'link', O_PATH);
  });
  let thrown: unknown;
  try {
    child.receive();
  } catch (error) {
    thrown = error;
  }
  child.wait();
  expect(hasCode(thrown, 'ENOENT')).toBe(true);
});

test('a program goes on as its own child, of whose PID it tells', () => {
  using child = start((program, controlFd) => {
    const notice = noticeWithValue(2);
    const forked = program.call('clone', [CLONE_PARENT | SIGCHLD, null, null, null, null], {
      storeAt: notice.value,
    });
    program.skipWhen(forked, 'zero', () => {
      program.call('write', [controlFd, notice.block, NOTICE_SIZE]);
      program.call('exit_group', [3]);
    });
    appendWait(program, controlFd);
  });
  // Both write to the same socket, in no order.
  const notices = [child.receive(), child.receive()];
  const forked = notices.find((notice) => notice?.tag === 2)?.value ?? 0;
  expect(child.wait()).toEqual({ code: 3 });
  child.pid = forked;
  expect(readlinkSync(`/proc/${forked}/exe`)).toContain('test-child');
  child.send();
  expect(child.wait()).toEqual({ code: 0 });
});

test('a program sends a descriptor that it has opened', () => {
  const [ours, theirs] = socketpair();
  using cleanup = new DisposableStack();
  cleanup.use(ours);
  cleanup.use(theirs);
  using child = start(
    (program) => {
      const control = words([20, (SCM_RIGHTS << 32n) | SOL_SOCKET, 0]); // struct cmsghdr, one fd
      program.call('openat', [AT_FDCWD, '/dev/zero', 0, 0], { storeAt: place(control, 16) });
      const message = words([null, 0, words(['fd', 2]), 1, control, 24, 0]);
      program.call('sendmsg', [theirs.fd, message, 0]);
    },
    [theirs.fd],
  );
  const { data, descriptors } = receiveMessage(ours.fd, 16);
  expect(child.wait()).toEqual({ code: 0 });
  expect(data.toString()).toBe('fd');
  expect(descriptors.map((fd) => readlinkSync(`/proc/self/fd/${fd}`))).toEqual(['/dev/zero']);
  for (const fd of descriptors) closeSync(fd);
});
