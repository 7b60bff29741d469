import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  Descriptor,
  getTermios,
  getWindowSize,
  rawTermios,
  setNonBlocking,
  setTermios,
  setWindowSize,
  syscall,
  TIOCGPTPEER,
  TIOCSPTLCK,
} from '../../../src/sys/index.ts';

/** Both ends of a pseudoterminal (pty(7)). */
function openTerminal(): { master: Descriptor; slave: Descriptor } {
  const master = new Descriptor(openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY));
  syscall('ioctl', master.fd, TIOCSPTLCK, new Uint8Array(4));
  const slave = syscall('ioctl', master.fd, TIOCGPTPEER, constants.O_RDWR | constants.O_NOCTTY);
  return { master, slave: new Descriptor(slave) };
}

let terminal: ReturnType<typeof openTerminal>;
beforeEach(() => {
  terminal = openTerminal();
});
afterEach(() => {
  terminal.slave.close();
  terminal.master.close();
});

/** What stty(1) says of the slave. */
function stty(...args: string[]): string {
  return execFileSync('stty', args, {
    encoding: 'utf8',
    stdio: [terminal.slave.fd, 'pipe', 'pipe'],
  });
}

function readMaster(): string {
  const buffer = Buffer.alloc(100);
  return buffer.toString('utf8', 0, readSync(terminal.master.fd, buffer));
}

test('raw settings are those of stty raw', () => {
  setTermios(terminal.slave.fd, rawTermios(getTermios(terminal.slave.fd)));
  const settings = stty('-a').split(/[\s;]+/);
  for (const off of ['icanon', 'echo', 'isig', 'icrnl', 'ixon', 'iexten', 'brkint', 'opost']) {
    expect(settings).toContain(`-${off}`);
  }
  expect(stty('-a')).toMatch(/min = 1; time = 0/);
});

test('raw settings are a copy', () => {
  const before = getTermios(terminal.slave.fd);
  const copy = before.slice();
  rawTermios(before);
  expect(before).toEqual(copy);
});

test('raw settings leave the output as it is', () => {
  writeSync(terminal.slave.fd, 'a\n');
  expect(readMaster()).toBe('a\r\n');
  setTermios(terminal.slave.fd, rawTermios(getTermios(terminal.slave.fd)));
  writeSync(terminal.slave.fd, 'a\n');
  expect(readMaster()).toBe('a\n');
});

test('the size is that of stty, either way', () => {
  setWindowSize(terminal.master.fd, { height: 33, width: 111 });
  expect(stty('size')).toBe('33 111\n');
  stty('rows', '44', 'cols', '222');
  expect(getWindowSize(terminal.master.fd)).toEqual({ height: 44, width: 222 });
});

test('what is no terminal has no settings', () => {
  const file = openSync('/dev/null', 'r');
  expect(() => getTermios(file)).toThrow('inappropriate ioctl for device (ENOTTY)');
  closeSync(file);
});

test('a descriptor that does not block says EAGAIN', () => {
  setNonBlocking(terminal.master.fd);
  expect(() => readMaster()).toThrow('EAGAIN');
});
