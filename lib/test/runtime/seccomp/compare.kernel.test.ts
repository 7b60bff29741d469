/**
 * Our filters beside runc's: the same profile, asked about every system call.
 *
 * runc's filter is read out of the kernel, from a container that it runs.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LinuxSeccomp } from '../../../src/oci/index.ts';
import { compiled } from './compiled.ts';
import { dumpFilter } from './dump.ts';
import { answer, AUDIT_ARCH_I386, AUDIT_ARCH_X86_64, type Call } from './interpreter.ts';

const fixture = new URL('../../../../tests/fixtures/seccomp-default.json', import.meta.url);
const dockerDefault = JSON.parse(readFileSync(fixture, 'utf8')) as LinuxSeccomp;

/** Lets a container run `sleep`, and uses what the default profile does not. */
const mixed: LinuxSeccomp = {
  defaultAction: 'SCMP_ACT_ALLOW',
  architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],
  syscalls: [
    { names: ['chmod', 'fchmodat', 'nonesuch'], action: 'SCMP_ACT_ERRNO', errnoRet: 95 },
    { names: ['ptrace'], action: 'SCMP_ACT_KILL_PROCESS' },
    { names: ['personality'], action: 'SCMP_ACT_TRACE', errnoRet: 9 },
    {
      names: ['socket'],
      action: 'SCMP_ACT_TRAP',
      args: [
        { index: 0, op: 'SCMP_CMP_EQ', value: 40 },
        { index: 0, op: 'SCMP_CMP_GE', value: 44 },
        { index: 1, op: 'SCMP_CMP_MASKED_EQ', value: 15, valueTwo: 3 },
      ],
    },
  ],
};

/** Every number, with argument values around those that the profiles compare with. */
function* calls(): Generator<Call> {
  const numbers = [...Array.from({ length: 600 }, (_, nr) => nr), 0x3fff_ffff, 0xffff_ffff];
  const values = [0, 1, 3, 8, 40, 41, 44, 0x2_0008, 0x1000_0000, 0xffff_ffff, 2n ** 32n + 40n];
  for (const arch of [AUDIT_ARCH_X86_64, AUDIT_ARCH_I386]) {
    for (const nr of [...numbers, ...numbers.map((one) => (one | 0x4000_0000) >>> 0)]) {
      for (const value of values) yield { arch, nr, args: [value, value, value] };
    }
  }
}

let bundle = '';
beforeAll(() => {
  bundle = mkdtempSync(path.join(tmpdir(), 'seccomp-compare-'));
  mkdirSync(path.join(bundle, 'rootfs/bin'), { recursive: true });
  copyFileSync('/bin/busybox', path.join(bundle, 'rootfs/bin/busybox'));
  execFileSync('runc', ['spec'], { cwd: bundle });
});
afterAll(() => rmSync(bundle, { recursive: true }));

/** The filter that runc installs for a profile. */
function filterOfRunc(seccomp: LinuxSeccomp): Uint8Array {
  const id = `seccomp-compare-${process.pid}`;
  const file = path.join(bundle, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as {
    process: object;
    linux: object;
  };
  const init = { terminal: false, args: ['/bin/busybox', 'sleep', '100'] };
  Object.assign(config.process, init);
  Object.assign(config.linux, { seccomp });
  writeFileSync(file, JSON.stringify(config));
  const root = ['--root', path.join(bundle, 'state')];
  const started = spawnSync('runc', [...root, 'run', '--detach', '--bundle', bundle, id], {
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: 120_000,
  });
  try {
    expect(started.status).toBe(0);
    const state = execFileSync('runc', [...root, 'state', id], { encoding: 'utf8' });
    return dumpFilter((JSON.parse(state) as { pid: number }).pid);
  } finally {
    spawnSync('runc', [...root, 'delete', '--force', id]);
  }
}

/** Calls that two filters answer differently, in words. */
function differences(ours: Uint8Array, theirs: Uint8Array): string[] {
  return [...calls()].flatMap((call) => {
    const [mine, other] = [answer(ours, call), answer(theirs, call)];
    return mine === other
      ? []
      : [`0x${call.arch.toString(16)} ${call.nr}(${String(call.args)}) ${mine}, not ${other}`];
  });
}

describe('our filter answers every call as the filter of runc does', () => {
  it.each<[string, LinuxSeccomp]>([
    ['Docker’s default profile', dockerDefault],
    ['a profile of every kind of rule', mixed],
  ])('for %s', (_what, profile) => {
    const theirs = filterOfRunc(profile);
    expect(differences(compiled(profile).filter, theirs)).toEqual([]);
  });
});

it('the comparison tells one different errno', () => {
  const [first, ...others] = mixed.syscalls ?? [];
  if (first === undefined) throw new TypeError('the profile has no rule');
  const changed = { ...mixed, syscalls: [{ ...first, errnoRet: 94 }, ...others] };
  const found = differences(compiled(mixed).filter, compiled(changed).filter);
  expect(found).toContain('0xc000003e 90(0,0,0) ERRNO(95), not ERRNO(94)');
});
