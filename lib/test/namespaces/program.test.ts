/** Namespaces as operations, read as explain() prints them; no root, no kernel. */
import { describe, expect, test } from 'vitest';
import {
  appendEnter,
  appendNamespaces,
  kindOf,
  mustFork,
  planNamespaces,
  type NamespaceProgramOptions,
} from '../../src/namespaces/index.ts';
import type { LinuxNamespace } from '../../src/oci/index.ts';
import { explain, SyscallProgram } from '../../src/sys/index.ts';

function calls(
  namespaces: readonly LinuxNamespace[],
  options: Partial<NamespaceProgramOptions> = {},
): string[] {
  const program = new SyscallProgram();
  const defaults = { controlFd: 3, joinFds: [] };
  appendNamespaces(program, planNamespaces(namespaces), { ...defaults, ...options });
  return withoutNumbers(program);
}

/** `unshare(…)   ?EINVAL`: each line without its position and source. */
function withoutNumbers(program: SyscallProgram): string[] {
  return explain(program).map((line) => line.replace(/^\s*\d+ {2}/, '').replace(/ {3}# .*$/, ''));
}

/** The position of the first call that matches; fails when there is none. */
function position(lines: readonly string[], pattern: RegExp): number {
  const index = lines.findIndex((line) => pattern.test(line));
  expect(index, `no call matches ${String(pattern)} in\n${lines.join('\n')}`).not.toBe(-1);
  return index;
}

describe('making', () => {
  test('nothing asked for is nothing done', () => {
    expect(calls([])).toEqual([]);
  });

  test('several kinds are one call, and no fork', () => {
    const asked = [{ type: 'uts' }, { type: 'ipc' }, { type: 'mount' }] as const;
    expect(calls(asked)).toEqual(['unshare(CLONE_NEWNS|CLONE_NEWUTS|CLONE_NEWIPC)']);
  });

  test('after a PID namespace the parent half tells the PID of its sibling, and ends', () => {
    expect(calls([{ type: 'pid' }])).toEqual([
      'unshare(CLONE_NEWPID)',
      'clone(CLONE_PARENT|SIGCHLD, NULL, NULL, NULL, NULL)   =>{notice 2, value}+8   zero→4',
      'write(3, {notice 2, value}, 16)',
      'exit_group(0)',
    ]);
  });

  test('the user namespace is mapped before it is used, and owns the others', () => {
    const lines = calls([{ type: 'network' }, { type: 'user' }]);
    const order = [
      /unshare\(CLONE_NEWUSER\)/,
      /write\(3, \{notice 1\}/,
      /read\(3/,
      /setresgid\(0, 0, 0\)/,
      /setresuid\(0, 0, 0\)/,
      /unshare\(CLONE_NEWNET\)/,
    ].map((pattern) => position(lines, pattern));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('it is dumpable only while the parent writes the maps', () => {
    const lines = calls([{ type: 'user' }]);
    const on = position(lines, /PR_SET_DUMPABLE, 1/);
    const off = position(lines, /PR_SET_DUMPABLE, 0/);
    const wait = position(lines, /read\(3/);
    expect([on < wait, wait < off]).toEqual([true, true]);
    expect(off).toBeLessThan(position(lines, /setresuid/));
  });

  test('an end of the control socket while it waits for its maps is a failure', () => {
    expect(calls([{ type: 'user' }]).find((line) => line.startsWith('read(3'))).toContain('?>0');
  });
});

describe('clock offsets', () => {
  const timeOffsets = { boottime: { secs: 100 } };

  test('are written between the new namespace and its first process', () => {
    const lines = calls([{ type: 'time' }], { timeOffsets });
    const write = position(lines, /^write\(\S+, "boottime 100 0\\n", 15\)/);
    expect(position(lines, /unshare\(CLONE_NEWTIME\)/)).toBeLessThan(write);
    expect(write).toBeLessThan(position(lines, /^clone\(/));
  });

  test('are left out when the time namespace is another’s', () => {
    const lines = calls([{ type: 'time', path: '/x' }], { timeOffsets, joinFds: [9] });
    expect(lines.filter((line) => line.includes('timens_offsets'))).toEqual([]);
  });

  test('need a dumpable process in a user namespace, until before the fork', () => {
    const lines = calls([{ type: 'user' }, { type: 'time' }], { timeOffsets });
    const open = position(lines, /timens_offsets/);
    expect(lines[open - 1]).toContain('PR_SET_DUMPABLE, 1');
    expect(lines.slice(open, position(lines, /^clone\(/)).join()).toContain('PR_SET_DUMPABLE, 0');
  });

  test('leave a process that is root of the host as it is', () => {
    expect(calls([{ type: 'time' }], { timeOffsets }).join()).not.toContain('DUMPABLE');
  });
});

describe('joining', () => {
  const both: LinuxNamespace[] = [
    { type: 'user', path: '/u' },
    { type: 'network', path: '/n' },
  ];

  test('comes before making, by the descriptors in the plan’s order', () => {
    const namespaces: LinuxNamespace[] = [{ type: 'uts' }, { type: 'ipc', path: '/i' }];
    expect(calls(namespaces, { joinFds: [7] })).toEqual([
      'setns(7, CLONE_NEWIPC)',
      'unshare(CLONE_NEWUTS)',
    ]);
  });

  test('root enters the user namespace last, while it still may enter the others', () => {
    const lines = calls(both, { joinFds: [7, 8] });
    const [first, second] = lines.filter((line) => line.startsWith('setns'));
    expect([first, second]).toEqual(['setns(8, CLONE_NEWNET)', 'setns(7, CLONE_NEWUSER)']);
  });

  test('another user enters it first, since only there may it enter the others', () => {
    const lines = calls(both, { joinFds: [7, 8], userFirst: true });
    const [first, second] = lines.filter((line) => line.startsWith('setns'));
    expect([first, second]).toEqual(['setns(7, CLONE_NEWUSER)', 'setns(8, CLONE_NEWNET)']);
  });
});

describe('cgroups', () => {
  const file = '/sys/fs/cgroup/pids/x/cgroup.procs';

  test('are opened first, joined by the child alone, and are the root of a cgroup namespace', () => {
    const namespaces: LinuxNamespace[] = [{ type: 'pid' }, { type: 'cgroup' }];
    const lines = calls(namespaces, { cgroups: { files: [file], into: undefined } });
    const order = [/^openat\(.*cgroup\.procs/, /^unshare\(CLONE_NEWPID\)/, /^clone\(/].map((each) =>
      position(lines, each),
    );
    order.push(position(lines, /^write\(\$0, "0", 1\)/));
    order.push(position(lines, /^unshare\(CLONE_NEWCGROUP\)/));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('of version 2 the child is born in', () => {
    const lines = calls([{ type: 'uts' }], { cgroups: { files: [], into: '/sys/fs/cgroup/x' } });
    expect(lines.some((line) => line.startsWith('clone3(') && line.includes('INTO_CGROUP'))).toBe(
      true,
    );
  });
});

describe('a parent that puts the process into its cgroup', () => {
  const byParent = { files: [], into: undefined, byParent: true };

  test('is waited for after the fork and before the cgroup namespace', () => {
    const lines = calls([{ type: 'pid' }, { type: 'cgroup' }], { cgroups: byParent });
    const order = [
      /^clone\(/,
      /^write\(3, .*notice 3/,
      /^read\(3, /,
      /^unshare\(CLONE_NEWCGROUP\)/,
    ];
    const found = order.map((each) => lines.findIndex((line) => each.test(line)));
    expect(found.every((at) => at >= 0)).toBe(true);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
  });

  test('does not make a program fork that would not', () => {
    expect(mustFork(planNamespaces([{ type: 'uts' }]), byParent)).toBe(false);
  });
});

describe('entering a process’s namespaces', () => {
  const cgroups = { files: [], into: undefined };
  const kinds = [kindOf('user'), kindOf('uts'), kindOf('pid')];

  test('is one call for all, then root, then a fork', () => {
    const program = new SyscallProgram();
    appendEnter(program, { pidfd: 9, kinds, controlFd: 3, cgroups });
    expect(withoutNumbers(program).slice(0, 4)).toEqual([
      'setns(9, CLONE_NEWUTS|CLONE_NEWUSER|CLONE_NEWPID)',
      'setresgid(0, 0, 0)   ?EINVAL',
      'setresuid(0, 0, 0)   ?EINVAL',
      expect.stringMatching(/^clone\(CLONE_PARENT/),
    ]);
  });

  test('comes to the cgroup namespace when the process is in its cgroup', () => {
    const program = new SyscallProgram();
    const places = { files: [], into: '/sys/fs/cgroup/x' };
    appendEnter(program, {
      pidfd: 9,
      kinds: [...kinds, kindOf('cgroup')],
      controlFd: 3,
      cgroups: places,
      cgroupNamespaceFd: 8,
    });
    const lines = withoutNumbers(program);
    const order = [/^setns\(9, CLONE_NEWUTS/, /^clone3\(/, /^setns\(8, CLONE_NEWCGROUP\)/].map(
      (each) => lines.findIndex((line) => each.test(line)),
    );
    expect(order.every((at) => at >= 0)).toBe(true);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('without a PID namespace does not fork, and without any does nothing', () => {
    const one = new SyscallProgram();
    appendEnter(one, { pidfd: 9, kinds: [kindOf('uts')], controlFd: 3, cgroups });
    expect(withoutNumbers(one)).toEqual(['setns(9, CLONE_NEWUTS)']);
    const none = new SyscallProgram();
    appendEnter(none, { pidfd: 9, kinds: [], controlFd: 3, cgroups });
    expect(none.operations).toEqual([]);
  });
});
