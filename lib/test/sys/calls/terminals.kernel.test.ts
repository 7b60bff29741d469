import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  clearOnlcr,
  copyWindowSize,
  Descriptor,
  getTermios,
  LAYOUT,
  rawTermios,
  setNonBlocking,
  setTermios,
  syscall,
  TIOCGPTPEER,
  TIOCSPTLCK,
  TIOCSWINSZ,
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

test('raw settings are those of stty raw, but for the output', () => {
  setTermios(terminal.slave.fd, rawTermios(getTermios(terminal.slave.fd)));
  const settings = stty('-a').split(/[\s;]+/);
  for (const off of ['icanon', 'echo', 'isig', 'icrnl', 'ixon', 'iexten', 'brkint']) {
    expect(settings).toContain(`-${off}`);
  }
  expect(settings).toContain('opost');
  expect(stty('-a')).toMatch(/min = 1; time = 0/);
});

test('raw settings are a copy', () => {
  const before = getTermios(terminal.slave.fd);
  const copy = before.slice();
  rawTermios(before);
  expect(before).toEqual(copy);
});

test('without ONLCR a line feed stays one', () => {
  writeSync(terminal.slave.fd, 'a\n');
  expect(readMaster()).toBe('a\r\n');
  clearOnlcr(terminal.master.fd);
  writeSync(terminal.slave.fd, 'a\n');
  expect(readMaster()).toBe('a\n');
});

test('the size of one terminal is given to another', () => {
  const other = openTerminal();
  const { winsize: WINSIZE } = LAYOUT;
  const size = Buffer.alloc(WINSIZE.sizeof);
  size.writeUInt16LE(33, WINSIZE.ws_row);
  size.writeUInt16LE(111, WINSIZE.ws_col);
  syscall('ioctl', other.master.fd, TIOCSWINSZ, size);
  copyWindowSize(other.master.fd, terminal.master.fd);
  expect(stty('size')).toBe('33 111\n');
  other.slave.close();
  other.master.close();
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
