/** What a spawned program is as a process, seen from outside through /proc. */
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  writeSync,
} from 'node:fs';
import { expect, test } from 'vitest';
import {
  bytes,
  F_SETFD,
  hasCode,
  O_RDWR,
  SIG_SETMASK,
  SIGPIPE,
  SIGXFSZ,
  syscall,
  words,
} from '../../../src/sys/index.ts';
import { observe, start, statusField } from './child.ts';

const F_GET_SEALS = 1034;
const O_TMPFILE = 0o20200000;
const ALL_SEALS = 1 | 2 | 4 | 8;

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('a program that is let go on ends with code 0', () => {
  expect(
    observe(
      () => undefined,
      () => undefined,
    ),
  ).toEqual({ code: 0 });
});

test('its executable is an anonymous file, not the Node of the host', () => {
  observe(
    () => undefined,
    ({ pid }) => {
      expect(readlinkSync(`/proc/${pid}/exe`)).toBe('/memfd:test-child (deleted)');
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe('test-child\0');
      expect(readFileSync(`/proc/${pid}/maps`, 'utf8')).not.toContain('node');
    },
  );
});

test('its executable cannot be opened for writing while it runs', () => {
  observe(
    () => undefined,
    ({ pid }) => {
      const error = thrownBy(() => openSync(`/proc/${pid}/exe`, 'r+'));
      expect(hasCode(error, 'ETXTBSY', 'EPERM')).toBe(true);
    },
  );
});

test('its executable is sealed, so that it cannot be written afterwards either', () => {
  let kept = -1;
  observe(
    () => undefined,
    ({ pid }) => {
      kept = openSync(`/proc/${pid}/exe`, 'r');
    },
  );
  expect(syscall('fcntl', kept, F_GET_SEALS)).toBe(ALL_SEALS);
  const again = openSync(`/proc/self/fd/${kept}`, 'r+');
  expect(
    hasCode(
      thrownBy(() => writeSync(again, 'x')),
      'EPERM',
    ),
  ).toBe(true);
  closeSync(again);
  closeSync(kept);
});

test('it has the kept descriptors and the control socket, although others are not close-on-exec', () => {
  const leaky = openSync('/dev/null', 'r');
  const kept = openSync('/dev/zero', 'r');
  try {
    syscall('fcntl', leaky, F_SETFD, 0);
    let controlFd = -1;
    observe(
      (_, fd) => (controlFd = fd),
      ({ pid }) => {
        const open = readdirSync(`/proc/${pid}/fd`).map(Number);
        expect(open.toSorted((a, b) => a - b)).toEqual([kept, controlFd].toSorted((a, b) => a - b));
        expect(readlinkSync(`/proc/${pid}/fd/${kept}`)).toBe('/dev/zero');
      },
      [kept],
    );
  } finally {
    closeSync(leaky);
    closeSync(kept);
  }
});

test('it keeps the blocked signals of stage 1 and what Node ignores, until the program resets both', () => {
  observe(
    () => undefined,
    ({ pid }) => {
      // Nobody can block SIGKILL (9) and SIGSTOP (19).
      expect(statusField(pid, 'SigBlk')).toBe('fffffffffffbfeff');
      expect(BigInt(`0x${statusField(pid, 'SigIgn')}`) & signalBit(SIGPIPE)).not.toBe(0n);
    },
  );
  observe(
    (program) => {
      program.call('rt_sigprocmask', [SIG_SETMASK, bytes(new Uint8Array(8)), null, 8]);
      for (const signal of [SIGPIPE, SIGXFSZ]) {
        program.call('rt_sigaction', [signal, words([0, 0, 0, 0]), null, 8]);
      }
    },
    ({ pid }) => {
      expect(statusField(pid, 'SigBlk')).toBe('0000000000000000');
      expect(statusField(pid, 'SigIgn')).toBe('0000000000000000');
      expect(statusField(pid, 'SigCgt')).toBe('0000000000000000');
    },
  );
});

test('this process has its own signal mask back', () => {
  const before = statusField(process.pid, 'SigBlk');
  observe(
    () => undefined,
    () => expect(statusField(process.pid, 'SigBlk')).toBe(before),
  );
  expect(before).not.toBe('fffffffffffbfeff');
});

test('it holds less than 100 KB while it waits', () => {
  observe(
    () => undefined,
    ({ pid }) => {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      const kilobytes = (field: string) =>
        Number(new RegExp(`^${field}: +(\\d+) kB`, 'm').exec(rollup)?.[1]);
      console.log(`a waiting child: Rss ${kilobytes('Rss')} kB, Pss ${kilobytes('Pss')} kB`);
      expect(kilobytes('Rss')).toBeGreaterThan(0);
      expect(kilobytes('Rss')).toBeLessThan(100);
      expect(kilobytes('Pss')).toBeLessThan(100);
    },
  );
});

test('code is never writable and data never executable', () => {
  observe(
    () => undefined,
    ({ pid }) => {
      const maps = readFileSync(`/proc/${pid}/maps`, 'utf8').trimEnd().split('\n');
      const own = maps.filter((line) => line.includes('memfd:') || line.includes('[stack]'));
      expect(own.map((line) => line.split(' ')[1])).toEqual(['r-xp', 'rw-p', 'rw-p']);
      // Nor may they share one of the 64 KB pages that some arm64 kernels have.
      const starts = own.map((line) => Math.floor(Number.parseInt(line, 16) / 0x10000));
      expect(new Set(starts).size).toBe(3);
    },
  );
});

test('what the parent sends is what the program reads', () => {
  const file = openSync('/tmp', O_TMPFILE | O_RDWR, 0o600);
  try {
    using child = start(
      (program, controlFd) => {
        const received = words([0]);
        const size = program.call('read', [controlFd, received, 8]);
        program.call('write', [file, received, size]);
      },
      [file],
    );
    child.send(Buffer.from('hello'));
    expect(child.wait()).toEqual({ code: 0 });
    const contents = Buffer.alloc(8);
    expect(readSync(file, contents, 0, 8, 0)).toBe(5);
    expect(contents.toString('utf8', 0, 5)).toBe('hello');
  } finally {
    closeSync(file);
  }
});

function signalBit(signal: number): bigint {
  return 1n << BigInt(signal - 1);
}
