/** Namespaces made, joined, kept and entered, seen from outside through /proc and nsenter(1). */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  appendEnter,
  foreignNamespaces,
  NAMESPACE_KINDS,
  namespaceId,
  NamespaceError,
  NOTICE_FORKED,
  openNamespace,
  persistNamespace,
  releaseNamespace,
} from '../../src/namespaces/index.ts';
import {
  hasCode,
  notify,
  pidfdOpen,
  socketpair,
  space,
  spawnProgram,
  SyscallProgram,
  waitForExit,
} from '../../src/sys/index.ts';
import { Inhabitant } from './scene.ts';

const ROOT_IS_100000 = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
const EVERY_TYPE = NAMESPACE_KINDS.map(({ type }) => ({ type }));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'coracle-namespaces-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The types in which a process is elsewhere than this one. */
function elsewhere(pid: number): string[] {
  return EVERY_TYPE.map(({ type }) => type).filter(
    (type) => namespaceId(pid, type) !== namespaceId('self', type),
  );
}

function hostnameIn(file: string): string {
  return execFileSync('nsenter', [`--uts=${file}`, 'uname', '-n'], { encoding: 'utf8' }).trim();
}

describe('making', () => {
  test.each(EVERY_TYPE)('a $type namespace changes that kind and no other', ({ type }) => {
    using inhabitant = new Inhabitant({ namespaces: [{ type }], mappings: ROOT_IS_100000 });
    expect(elsewhere(inhabitant.pid)).toEqual([type]);
  });

  test('all eight at once, with offsets, in a user namespace', () => {
    const timeOffsets = { boottime: { secs: 1000 } };
    using inhabitant = new Inhabitant({
      namespaces: EVERY_TYPE,
      mappings: ROOT_IS_100000,
      timeOffsets,
    });
    expect(elsewhere(inhabitant.pid)).toEqual(EVERY_TYPE.map(({ type }) => type));
    expect(inhabitant.proc('timens_offsets')).toMatch(/^boottime\s+1000\s+0$/m);
  });

  test('the first process of a PID namespace is 1', () => {
    using inhabitant = new Inhabitant({ namespaces: [{ type: 'pid' }] });
    const [, numbers = ''] = /^NSpid:\s+(.*)$/m.exec(inhabitant.proc('status')) ?? [];
    expect(numbers.split('\t')).toEqual([String(inhabitant.pid), '1']);
  });

  test('root of a user namespace is the mapped user outside, with every capability inside', () => {
    using inhabitant = new Inhabitant({
      namespaces: [{ type: 'user' }],
      mappings: ROOT_IS_100000,
    });
    expect(inhabitant.proc('uid_map').trim().split(/\s+/)).toEqual(['0', '100000', '65536']);
    expect(inhabitant.proc('gid_map').trim().split(/\s+/)).toEqual(['0', '100000', '65536']);
    const status = inhabitant.proc('status');
    expect(status).toMatch(/^Uid:\t100000\t100000\t100000\t100000$/m);
    expect(status).toMatch(/^Gid:\t100000\t100000\t100000\t100000$/m);
    expect(/^CapEff:\t(\w+)$/m.exec(status)?.[1]).toMatch(/^0*1?[37f]f+$/);
  });

  test('a map that overlaps itself is refused with the file and what to do, and nothing is left', () => {
    const mappings = [...ROOT_IS_100000, ...ROOT_IS_100000];
    expect(() => new Inhabitant({ namespaces: [{ type: 'user' }], mappings })).toThrow(
      /^cannot write "0 100000 65536\\n0 100000 65536" to \/proc\/\d+\/uid_map: .*not overlap/,
    );
  });

  test('clock offsets are what /proc/uptime shows inside, and not outside', () => {
    const before = uptime(readFileSync('/proc/uptime', 'utf8'));
    using inhabitant = new Inhabitant({
      namespaces: [{ type: 'time' }],
      timeOffsets: { boottime: { secs: 500_000 } },
    });
    const enter = [`--time=/proc/${inhabitant.pid}/ns/time`, 'cat', '/proc/uptime'];
    const inside = uptime(execFileSync('nsenter', enter, { encoding: 'utf8' }));
    expect(inside - before).toBeGreaterThanOrEqual(500_000);
    expect(inside - before).toBeLessThan(500_060);
    expect(uptime(readFileSync('/proc/uptime', 'utf8')) - before).toBeLessThan(60);
  });
});

function uptime(text: string): number {
  return Number(text.split(' ')[0]);
}

describe('joining by path', () => {
  test.each(EVERY_TYPE)('another process’s $type namespace', ({ type }) => {
    using first = new Inhabitant({ namespaces: [{ type }], mappings: ROOT_IS_100000 });
    const file = NAMESPACE_KINDS.find((kind) => kind.type === type)?.file ?? '';
    const joined = `/proc/${first.pid}/ns/${file}`;
    using second = new Inhabitant({ namespaces: [{ type, path: joined }] });
    expect(namespaceId(second.pid, type)).toBe(namespaceId(first.pid, type));
    expect(elsewhere(second.pid)).toEqual([type]);
  });

  test('a namespace of another kind is refused before anything is made', () => {
    const wrong = () => openNamespace('/proc/self/ns/uts', 'network');
    expect(wrong).toThrow(NamespaceError);
    expect(wrong).toThrow(
      '/proc/self/ns/uts is not a network namespace; check the type and path in linux.namespaces',
    );
  });

  test('a file that is no namespace is refused', () => {
    const file = path.join(folder, 'plain');
    writeFileSync(file, '');
    expect(() => openNamespace(file, 'uts')).toThrow(`${file} is not a uts namespace`);
  });

  test('a path that does not exist is refused', () => {
    expect(() => openNamespace(path.join(folder, 'none'), 'uts')).toThrow(
      /^cannot open the uts namespace at .*none: .*ENOENT/,
    );
  });
});

describe('keeping', () => {
  test('a namespace outlives its process while it is bound to a file, and no longer', () => {
    const file = path.join(folder, 'uts');
    const kept = makeKept(file);
    expect(existsSync(`/proc/${kept}`)).toBe(false);
    expect(hostnameIn(file)).toBe('kept');
    releaseNamespace(file);
    expect(spawnSync('nsenter', [`--uts=${file}`, 'true']).status).not.toBe(0);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(folder);
  });

  test('what is kept can be joined', () => {
    const file = path.join(folder, 'uts');
    makeKept(file);
    try {
      using second = new Inhabitant({ namespaces: [{ type: 'uts', path: file }] });
      expect(elsewhere(second.pid)).toEqual(['uts']);
    } finally {
      releaseNamespace(file);
    }
  });

  test('a file that is there already is not covered', () => {
    const file = path.join(folder, 'mine');
    writeFileSync(file, 'mine');
    expect(() => persistNamespace(process.pid, 'uts', file)).toThrow(/EEXIST/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

/** Binds the namespace of a process, which then ends; returns the PID that it had. */
function makeKept(file: string): number {
  using first = new Inhabitant({
    namespaces: [{ type: 'uts' }],
    inside: (program) => program.call('sethostname', ['kept', 4]),
  });
  persistNamespace(first.pid, 'uts', file);
  return first.pid;
}

describe('entering', () => {
  test('all namespaces of a process at once', () => {
    using host = new Inhabitant({ namespaces: EVERY_TYPE, mappings: ROOT_IS_100000 });
    const kinds = foreignNamespaces(host.pid);
    expect(kinds.map(({ type }) => type)).toEqual(EVERY_TYPE.map(({ type }) => type));
    using pidfd = pidfdOpen(host.pid);
    const [control, childControl] = socketpair();
    const program = new SyscallProgram();
    const controlFd = childControl.fd;
    const cgroups = { files: [], into: undefined };
    appendEnter(program, { pidfd: pidfd.fd, kinds, controlFd, cgroups });
    notify(program, controlFd, 100);
    program.call('read', [controlFd, space(8), 8]);
    const keep = [pidfd.fd];
    using child = spawnProgram(program, { control, childControl, keep, name: 'guest' });
    const notices = [child.receive(), child.receive()];
    waitForExit(child.pid);
    child.pid = notices.find((notice) => notice?.tag === NOTICE_FORKED)?.value ?? 0;
    for (const { type } of EVERY_TYPE) {
      expect(namespaceId(child.pid, type)).toBe(namespaceId(host.pid, type));
    }
    expect(readFileSync(`/proc/${child.pid}/status`, 'utf8')).toMatch(/^Uid:\t100000\t/m);
    child.send();
    waitForExit(child.pid);
  });

  test('one’s own namespaces are none to enter, since the kernel refuses that', () => {
    expect(foreignNamespaces(process.pid)).toEqual([]);
    let thrown: unknown;
    try {
      new Inhabitant({ namespaces: [{ type: 'user', path: '/proc/self/ns/user' }] })[
        Symbol.dispose
      ]();
    } catch (error) {
      thrown = error;
    }
    expect(hasCode(thrown, 'EINVAL')).toBe(true);
  });
});
