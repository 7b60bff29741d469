import { closeSync, existsSync, mkdtempSync, openSync, readlinkSync, rmSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  AF_UNIX,
  bindPath,
  connectPath,
  listen,
  receiveMessage,
  sendMessage,
  SOCK_STREAM,
  socket,
  socketpair,
  SOL_SOCKET,
  syscall,
} from '../../../src/sys/index.ts';

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

test('messages keep their boundaries and carry descriptors', () => {
  const [left, right] = socketpair();
  using _left = left;
  using _right = right;
  const file = openSync('/dev/null', 'r');
  sendMessage(left.fd, Buffer.from('one'), [file, file, left.fd]);
  sendMessage(left.fd, Buffer.from('two'));
  closeSync(file);
  const { data, descriptors } = receiveMessage(right.fd, 100);
  expect(data.toString()).toBe('one');
  expect(descriptors.map((fd) => readlinkSync(`/proc/self/fd/${fd}`))).toEqual([
    '/dev/null',
    '/dev/null',
    expect.stringMatching(/^socket:/),
  ]);
  for (const fd of descriptors) {
    expect(syscall('fcntl', fd, 1)).toBe(1); // F_GETFD: FD_CLOEXEC
    closeSync(fd);
  }
  expect(receiveMessage(right.fd, 100)).toMatchObject({ descriptors: [] });
  left.close();
  expect(receiveMessage(right.fd, 100).data.length).toBe(0);
});

test('a message that does not fit is an error, not a part of it', () => {
  const [left, right] = socketpair();
  using _left = left;
  using _right = right;
  sendMessage(left.fd, Buffer.from('longer'));
  expect(thrownBy(() => receiveMessage(right.fd, 3))).toMatchObject({ code: 'SOCKET_TRUNCATED' });
});

test('more than 16 descriptors are an error, and none stays open', () => {
  const [left, right] = socketpair();
  using _left = left;
  using _right = right;
  sendMessage(left.fd, Buffer.from('x'), Array<number>(17).fill(left.fd));
  const next = openSync('/dev/null', 'r');
  closeSync(next);
  expect(thrownBy(() => receiveMessage(right.fd, 3))).toMatchObject({ code: 'SOCKET_TRUNCATED' });
  const again = openSync('/dev/null', 'r');
  closeSync(again);
  expect(again).toBe(next);
});

const SENDER = `
  import { sendMessage, socketpair, syscall } from ${JSON.stringify(new URL('../../../src/sys/index.ts', import.meta.url).href)};
  syscall('rt_sigaction', 13, new Uint8Array(32), null, 8); // Node ignores SIGPIPE; this is SIG_DFL
  const [left, right] = socketpair(1); // SOCK_STREAM: SIGPIPE is for streams only
  right.close();
  try { sendMessage(left.fd, Buffer.from('x')); } catch (error) { console.log(error.code); }
`;

test('sending to nobody is EPIPE, and not the end of the process by SIGPIPE', () => {
  const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', SENDER], {
    encoding: 'utf8',
  });
  expect({ stdout, signal }).toEqual({ stdout: 'EPIPE\n', signal: null });
});

test('a socket is bound to a path and found there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'coracle-socket-'));
  try {
    const path = join(folder, 'socket');
    using server = socket(AF_UNIX, SOCK_STREAM);
    bindPath(server.fd, path);
    listen(server.fd, 1);
    expect(existsSync(path)).toBe(true);
    using client = socket(AF_UNIX, SOCK_STREAM);
    connectPath(client.fd, path);
    using accepted = { fd: syscall('accept4', server.fd, null, null, 0), [Symbol.dispose]() {} };
    sendMessage(client.fd, Buffer.from('hello'));
    expect(receiveMessage(accepted.fd, 10).data.toString()).toBe('hello');
    closeSync(accepted.fd);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['', '"" is not a path for a socket'],
  ['\0abstract', '"\\u0000abstract" is not a path for a socket'],
  [
    `/${'x'.repeat(107)}`,
    `a socket's path has at most 107 bytes, this one 108: /${'x'.repeat(107)}; ` +
      'shorten it, or go through /proc/self/fd/N of its directory',
  ],
])('a path that names no socket file is refused: %j', (path, message) => {
  using server = socket(AF_UNIX, SOCK_STREAM);
  const error = thrownBy(() => bindPath(server.fd, path));
  expect(error).toMatchObject({ code: 'SOCKET_PATH', message });
});

const SO_RCVTIMEO = 20;

test('a signal does not end the wait for a message', () => {
  const [left, right] = socketpair();
  using _left = left;
  using _right = right;
  // With a time limit set, recvmsg(2) reports a signal (EINTR) instead of going on by itself.
  const limit = new BigInt64Array([20n, 0n]);
  syscall('setsockopt', right.fd, SOL_SOCKET, SO_RCVTIMEO, new Uint8Array(limit.buffer), 16);
  let signals = 0;
  const count = () => (signals += 1);
  process.on('SIGUSR2', count);
  const script = `for i in 1 2 3 4 5; do sleep 0.05; kill -USR2 ${process.pid}; done; echo x >&3`;
  const sender = spawn('sh', ['-c', script], { stdio: ['ignore', 'ignore', 'inherit', left.fd] });
  try {
    expect(receiveMessage(right.fd, 10).data.toString()).toBe('x\n');
  } finally {
    sender.kill();
    process.off('SIGUSR2', count);
  }
});
