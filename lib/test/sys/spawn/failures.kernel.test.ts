/** What the parent learns of a program that did not go well. */
import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  AT_FDCWD,
  kill,
  notify,
  O_PATH,
  openInRoot,
  ProgramError,
  sendMessage,
  SIGKILL,
  socketpair,
  space,
  type ProgramProcess,
} from '../../../src/sys/index.ts';
import { appendWait, READY, start } from './child.ts';

/** The error of a child that fails, and how it ended. */
function failureOf(child: ProgramProcess): { error: ProgramError; code: unknown } {
  try {
    child.receive();
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { error, code: child.wait() };
  } finally {
    child[Symbol.dispose]();
  }
  throw new Error('the child did not fail');
}

test('a failed operation is an error with the call, its arguments, the errno and the source', () => {
  const { error, code } = failureOf(
    start((program) => {
      program.call('umask', [0o22]);
      program.from('/mounts/3', () => {
        const root = program.call('openat', [AT_FDCWD, '/', O_PATH, 0]);
        openInRoot(program, root, 'does/not/exist', O_PATH);
      });
    }),
  );
  expect(error.message).toBe(
    'openat2($1, "does/not/exist", {flags=O_CLOEXEC|O_PATH, resolve=RESOLVE_IN_ROOT}, 24): ' +
      'no such file or directory (ENOENT)',
  );
  expect(error).toMatchObject({ code: 'ENOENT', errno: 2, index: 2, source: '/mounts/3' });
  expect(error.operation.name).toBe('openat2');
  expect(code).toEqual({ code: 127 });
});

test('a failure of stage 1 is told apart from the failures of the program', () => {
  const { error, code } = failureOf(
    start(
      (program) => {
        program.call('umask', [0o22]);
      },
      [9999],
    ),
  );
  expect(error.message).toBe('fcntl(9999, F_SETFD, 0): bad file descriptor (EBADF)');
  expect(error).toMatchObject({ code: 'EBADF', index: 2 });
  expect(code).toEqual({ code: 127 });
});

test('a result of zero that is a failure says that the other side has gone', () => {
  const { error } = failureOf(
    start((program) => {
      const file = program.call('openat', [AT_FDCWD, '/dev/null', 0, 0]);
      program.call('read', [file, null, 1], { zeroIsFailure: true });
    }),
  );
  expect(error.code).toBe('EOF');
  expect(error.message).toBe('read($0, NULL, 1): it returned 0, so the other side has gone (EOF)');
});

test('the failure of a child that ended with a message unread is not lost', () => {
  const [ours, theirs] = socketpair();
  using _ours = ours;
  using _theirs = theirs;
  using child = start(
    (program) => {
      program.call('read', [theirs.fd, space(8), 8]);
      program.call('chdir', ['/does/not/exist']);
    },
    [theirs.fd],
  );
  child.send(); // Nobody reads it, so that the end of the child is ECONNRESET.
  sendMessage(ours.fd, Buffer.alloc(8));
  expect(child.wait()).toEqual({ code: 127 });
  expect(() => child.receive()).toThrow('chdir("/does/not/exist"): no such file or directory');
  expect(child.receive()).toBeUndefined();
});

test('telling a child that has failed to go on says why it failed', () => {
  using child = start((program, controlFd) => {
    notify(program, controlFd, READY);
    program.call('chdir', ['/does/not/exist']);
  });
  child.wait();
  expect(() => child.send()).toThrow('chdir("/does/not/exist"): no such file or directory');
  expect(() => child.send()).toThrow(/^sendmsg\(.*\): broken pipe \(EPIPE\)$/);
});

test('a program that is killed is the end of the stream, and a signal', () => {
  using child = start(appendWait);
  expect(child.receive()).toMatchObject({ tag: READY, value: 0 });
  kill(child.pid, SIGKILL);
  expect(child.receive()).toBeUndefined();
  expect(child.wait()).toEqual({ signal: SIGKILL });
});

test('a program that executes another is the end of the stream', () => {
  using child = start((program, controlFd) => {
    program.call('fcntl', [controlFd, 2, 1]);
    program.call('execve', ['/bin/true', null, null]);
  });
  expect(child.receive()).toBeUndefined();
  expect(child.wait()).toEqual({ code: 0 });
});

const PARENT = `
  import { appendWait, start } from ${JSON.stringify(new URL('child.ts', import.meta.url).href)};
  const child = start(appendWait);
  child.receive();
  console.log(child.pid);
  setInterval(() => {}, 1000);
`;

test('a program that waits ends when its parent is killed', async () => {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(stateOf(pid)).toBe('S');
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  for (let tries = 0; tries < 3000 && stateOf(pid) !== undefined; tries += 1) await sleep(20);
  expect(stateOf(pid)).toBeUndefined();
});

/** `R`, `S`, … of a live process; a zombie is no longer one. */
function stateOf(pid: number): string | undefined {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0];
    return state === 'Z' ? undefined : state;
  } catch {
    return undefined;
  }
}
