import { getSystemErrorName } from 'node:util';
import { describe, expect, test } from 'vitest';
import { CoracleError } from '../../src/base/index.ts';
import {
  describeErrno,
  Descriptor,
  ERRNO,
  errnoName,
  hasCode,
  ProgramError,
  shellCode,
  SyscallError,
  SyscallProgram,
} from '../../src/sys/index.ts';

describe('the message of a refused call', () => {
  test.each([
    ['ENOENT', 'chdir("/x"): no such file or directory (ENOENT)'],
    ['EPERM', 'chdir("/x"): operation not permitted (EPERM)'],
    ['ENOTSUP', 'chdir("/x"): operation not supported (ENOTSUP)'],
    ['EKEYEXPIRED', 'chdir("/x"): EKEYEXPIRED'],
  ] as const)('for %s', (name, message) => {
    expect(new SyscallError('chdir("/x")', ERRNO[name]).message).toBe(message);
  });

  test('for a number that Linux does not have', () => {
    expect(new SyscallError('close(1)', 999)).toMatchObject({
      message: 'close(1): errno 999',
      code: 'errno 999',
    });
  });

  test('for a result of zero that is a failure', () => {
    expect(new SyscallError('read(3)', 0)).toMatchObject({
      message: 'read(3): it returned 0, so the other side has gone (EOF)',
      code: 'EOF',
    });
  });
});

test('a refused call is an error of ours with the errno, its name, the call and the cause', () => {
  const cause = new Error('below');
  const error = new SyscallError('close(-1)', ERRNO.EBADF, { cause });
  expect(error).toBeInstanceOf(CoracleError);
  expect(error).toMatchObject({
    name: 'SyscallError',
    code: 'EBADF',
    errno: 9,
    call: 'close(-1)',
    cause,
  });
});

test('a failed operation names its results by their numbers, and its source', () => {
  const program = new SyscallProgram();
  const file = program.call('openat', [-100, '/x', 0, 0]);
  program.call('read', [file, null, 1], { source: '/process' });
  const error = new ProgramError(program, 1, ERRNO.EISDIR);
  expect(error).toMatchObject({
    name: 'ProgramError',
    message: 'read($0, NULL, 1): is a directory (EISDIR)',
    index: 1,
    source: '/process',
  });
  expect(() => new ProgramError(program, 2, 1)).toThrow('the program has no operation 2');
});

describe('hasCode', () => {
  test('is true for one of the codes, of any error that has one', () => {
    expect(hasCode(new SyscallError('x', ERRNO.EBUSY), 'EPERM', 'EBUSY')).toBe(true);
    expect(hasCode(Object.assign(new Error('from Node'), { code: 'ENOENT' }), 'ENOENT')).toBe(true);
  });

  test('is false for other codes, for errors without one, and for what is no error', () => {
    expect(hasCode(new SyscallError('x', ERRNO.EBUSY), 'EPERM')).toBe(false);
    expect(hasCode(new Error('ENOENT'), 'ENOENT')).toBe(false);
    expect(hasCode({ code: 'ENOENT' }, 'ENOENT')).toBe(false);
    expect(hasCode(undefined, 'ENOENT')).toBe(false);
  });
});

test('errno numbers have one name each, and texts name what is known', () => {
  expect(errnoName(2)).toBe('ENOENT');
  expect(describeErrno(2)).toBe('no such file or directory (ENOENT)');
  // Code that compares with what node:fs throws must find the same name in what we throw.
  for (const name of ['ENOTSUP', 'EAGAIN', 'ENOENT'] as const) {
    expect(getSystemErrorName(-ERRNO[name])).toBe(name);
  }
  expect(new Set(Object.values(ERRNO)).size).toBe(Object.keys(ERRNO).length);
});

test('the exit code of a shell is the code, or 128 and the signal', () => {
  expect(shellCode({ code: 3 })).toBe(3);
  expect(shellCode({ signal: 9 })).toBe(137);
});

test('a descriptor that was released is not closed, and closing twice closes once', () => {
  const descriptor = new Descriptor(1_000_000);
  expect(descriptor.release()).toBe(1_000_000);
  descriptor.close();
  expect(descriptor.fd).toBe(-1);
  const closed = new Descriptor(1_000_000);
  expect(() => closed.close()).toThrow('EBADF');
  closed.close();
});
