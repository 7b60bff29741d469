/** Compiled filters in the kernel: a child installs one and makes a call under it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LinuxSeccomp } from '../../../src/oci/index.ts';
import {
  AT_FDCWD,
  bytes,
  F_GETFD,
  FD_CLOEXEC,
  noticeWithValue,
  NOTICE_SIZE,
  PR_SET_NO_NEW_PRIVS,
  ProgramError,
  SECCOMP_SET_MODE_FILTER,
  socketpair,
  spawnProgram,
  SyscallProgram,
  words,
} from '../../../src/sys/index.ts';
import { compiled } from './compiled.ts';

/** `exit 0` if the child could make the call, else the errno or the signal that ended it. */
function underFilter(seccomp: LinuxSeccomp, call: (program: SyscallProgram) => void): string {
  const program = new SyscallProgram();
  install(program, seccomp);
  call(program);
  program.call('exit_group', [0]);
  const [control, childControl] = socketpair();
  using child = spawnProgram(program, { control, childControl, keep: [], name: 'seccomp-test' });
  try {
    child.receive();
    const status = child.wait();
    return 'code' in status ? `exit ${status.code}` : `signal ${status.signal}`;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    child.wait();
    return `${error.operation.name}: ${error.code}`;
  }
}

function install(program: SyscallProgram, seccomp: LinuxSeccomp): ReturnType<typeof program.call> {
  const { filter, flags } = compiled(seccomp);
  program.call('prctl', [PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0]);
  // `struct sock_fprog`: unsigned short len; struct sock_filter *filter.
  const sockFprog = words([filter.length / 8, bytes(filter)]);
  return program.call('seccomp', [SECCOMP_SET_MODE_FILTER, flags, sockFprog]);
}

const mkdir = (name: string) => (program: SyscallProgram) => {
  program.call('mkdirat', [AT_FDCWD, name, 0o700]);
};

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'seccomp-install-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('a call under a filter', () => {
  const rule = (action: LinuxSeccomp['defaultAction'], errnoRet?: number): LinuxSeccomp => ({
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [{ names: ['mkdirat'], action, ...(errnoRet !== undefined && { errnoRet }) }],
  });

  it.each<[string, LinuxSeccomp, string]>([
    ['is made when it is allowed', rule('SCMP_ACT_ALLOW'), 'exit 0'],
    ['is made when it is only logged', rule('SCMP_ACT_LOG'), 'exit 0'],
    ['fails with the errno of the rule', rule('SCMP_ACT_ERRNO', 28), 'mkdirat: ENOSPC'],
    ['fails with EPERM if the rule names none', rule('SCMP_ACT_ERRNO'), 'mkdirat: EPERM'],
    ['is not there for TRACE without a tracer', rule('SCMP_ACT_TRACE'), 'mkdirat: ENOSYS'],
    ['gets SIGSYS for TRAP', rule('SCMP_ACT_TRAP'), 'signal 31'],
    ['ends the process for KILL', rule('SCMP_ACT_KILL'), 'signal 31'],
    ['ends the process for KILL_PROCESS', rule('SCMP_ACT_KILL_PROCESS'), 'signal 31'],
  ])('%s', (name, seccomp, outcome) => {
    expect(underFilter(seccomp, mkdir(path.join(directory, name)))).toBe(outcome);
  });

  it('is looked at with its arguments', () => {
    const seccomp: LinuxSeccomp = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [
        {
          names: ['mkdirat'],
          action: 'SCMP_ACT_ERRNO',
          args: [{ index: 2, op: 'SCMP_CMP_MASKED_EQ', value: 0o7, valueTwo: 0o7 }],
        },
      ],
    };
    const make = (name: string, mode: number) => (program: SyscallProgram) => {
      program.call('mkdirat', [AT_FDCWD, path.join(directory, name), mode]);
    };
    expect(underFilter(seccomp, make('for all', 0o777))).toBe('mkdirat: EPERM');
    expect(underFilter(seccomp, make('for me', 0o700))).toBe('exit 0');
  });

  it('takes every flag of the specification', () => {
    const flags = [
      'SECCOMP_FILTER_FLAG_TSYNC',
      'SECCOMP_FILTER_FLAG_LOG',
      'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
      'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
    ] as const;
    const seccomp: LinuxSeccomp = { ...rule('SCMP_ACT_ERRNO', 28), flags: [...flags] };
    expect(underFilter(seccomp, mkdir(path.join(directory, 'flags')))).toBe('mkdirat: ENOSPC');
  });
});

describe('a filter that notifies', () => {
  it('gives the process a listener, also with WAIT_KILLABLE_RECV', () => {
    const notice = noticeWithValue(7);
    const program = new SyscallProgram();
    const seccomp: LinuxSeccomp = {
      defaultAction: 'SCMP_ACT_ALLOW',
      listenerPath: '/run/agent.sock',
      flags: ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV', 'SECCOMP_FILTER_FLAG_TSYNC'],
      syscalls: [{ names: ['mkdirat'], action: 'SCMP_ACT_NOTIFY' }],
    };
    const listener = install(program, seccomp);
    program.call('fcntl', [listener, F_GETFD, 0], { storeAt: notice.value });
    const [control, childControl] = socketpair();
    program.call('write', [childControl.fd, notice.block, NOTICE_SIZE]);
    program.call('exit_group', [0]);
    using child = spawnProgram(program, { control, childControl, keep: [], name: 'seccomp-test' });
    // It is open, and close-on-exec, as the kernel makes listeners.
    expect(child.receive()).toMatchObject({ tag: 7, value: FD_CLOEXEC });
    expect(child.wait()).toEqual({ code: 0 });
  });
});

describe('a filter from the cache', () => {
  it('is used without koffi and without libseccomp', () => {
    const cacheDirectory = path.join(directory, 'cache');
    const script = `
      import { compileSeccomp } from ${JSON.stringify(MODULE)};
      import { readFileSync } from 'node:fs';
      const profile = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['chmod'], action: 'SCMP_ACT_ERRNO' }] };
      const { filter } = compileSeccomp(profile, { cacheDirectory: ${JSON.stringify(cacheDirectory)} });
      const maps = readFileSync('/proc/self/maps', 'utf8');
      console.log(JSON.stringify({ length: filter.length, koffi: /koffi/.test(maps), library: /libseccomp/.test(maps) }));
    `;
    const run = (): unknown => {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        ['--input-type=module', '--eval', script],
        { encoding: 'utf8' },
      );
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    };
    const first = run();
    expect(first).toMatchObject({ koffi: true, library: true });
    expect(run()).toEqual({ ...(first as object), koffi: false, library: false });
  });
});

const MODULE = createRequire(import.meta.url).resolve('../../../src/runtime/seccomp/index.ts');
