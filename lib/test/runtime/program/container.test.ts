/** The container's program: what must come before what, read as explain() prints it. No root. */
import { describe, expect, test } from 'vitest';
import { planNamespaces } from '../../../src/namespaces/index.ts';
import { defaultSpec, type RuntimeConfig } from '../../../src/oci/index.ts';
import { buildContainerProgram, previewContext, type Context } from '../../../src/runtime/index.ts';
import { explain } from '../../../src/sys/index.ts';

function config(change: Partial<RuntimeConfig> = {}): RuntimeConfig {
  const standard = defaultSpec();
  if (standard.process === undefined) throw new Error('the default config has no process');
  return { ...standard, process: { ...standard.process, terminal: false }, ...change };
}

function lines(asked: RuntimeConfig = config(), change: Partial<Context> = {}): string[] {
  const context = { ...previewContext(asked, '/bundle/rootfs'), ...change };
  return explain(buildContainerProgram(context)).map((line) => line.replace(/^\s*\d+ {2}/, ''));
}

/** The positions of the first calls that match; fails where there is none. */
function positions(program: readonly string[], patterns: readonly RegExp[]): number[] {
  return patterns.map((pattern) => {
    const index = program.findIndex((line) => pattern.test(line));
    expect(index, `no call matches ${String(pattern)}`).not.toBe(-1);
    return index;
  });
}

function expectOrder(program: readonly string[], ...patterns: RegExp[]): void {
  const found = positions(program, patterns);
  expect(found).toEqual(found.toSorted((a, b) => a - b));
}

/** Each part of the config in the order in which the program comes to it, `(always)` left out. */
function sections(program: readonly string[]): string[] {
  const sources = program.flatMap(
    (line) => /# (.*)$/.exec(line)?.[1]?.replace(/\/\d+.*$/, '') ?? [],
  );
  return sources.filter((source, index) => source !== sources[index - 1]);
}

test('the sections of the default config, in order', () => {
  expect(sections(lines())).toEqual([
    '/linux/namespaces',
    '/hostname',
    '/linux/rootfsPropagation',
    '/root/path',
    '/mounts',
    'the default devices',
    'the links in /dev',
    '/linux/readonlyPaths',
    '/linux/maskedPaths',
    '/root/readonly',
    '/root/path',
    '/process/rlimits',
    '/process/cwd',
    '/process/capabilities/bounding',
    '/process/user',
    '/process/capabilities',
    '/process/noNewPrivileges',
    'start',
    '/process/args',
  ]);
});

describe('nothing of the host comes along', () => {
  test('descriptors are closed before anything else', () => {
    expect(lines()[0]).toMatch(/^close_range\(5, /);
    expect(lines(config(), { preserveFds: 4 })[0]).toMatch(/^close_range\(7, /);
  });

  test('what lies between kept descriptors is closed as well', () => {
    const program = lines(config(), { controlFd: 10, startFd: 20 });
    expect(program.slice(0, 3)).toEqual([
      expect.stringMatching(/^close_range\(3, 9, 0\)/),
      expect.stringMatching(/^close_range\(11, 19, 0\)/),
      expect.stringMatching(/^close_range\(21, ~0U, 0\)/),
    ]);
  });

  test('no one can look into the process before it is in any namespace', () => {
    expectOrder(lines(), /PR_SET_DUMPABLE, 0/, /^unshare\(/);
  });
});

describe('the root filesystem', () => {
  test('propagation is cut before the first mount, and that before pivot_root', () => {
    expectOrder(
      lines(),
      /^mount\(NULL, "\/", NULL, MS_REC\|MS_SLAVE/,
      /^move_mount\(/,
      /^pivot_root\("\.", "\."\)/,
      /^umount2\("\.", MNT_DETACH\)/,
    );
  });

  test('masks are in place before the container could see what they hide', () => {
    const program = lines();
    const mask = program.findLastIndex((line) => line.includes('# /linux/maskedPaths'));
    expect(mask).toBeLessThan(positions(program, [/^pivot_root/])[0] ?? 0);
  });

  test('no path of the image is opened without RESOLVE_IN_ROOT, BENEATH or NO_SYMLINKS', () => {
    const opened = lines().filter((line) => line.startsWith('openat2('));
    expect(opened.length).toBeGreaterThan(20);
    expect(opened.filter((line) => !/RESOLVE_(IN_ROOT|BENEATH|NO_SYMLINKS)/.test(line))).toEqual(
      [],
    );
  });

  test('with --no-pivot the root is moved, and not pivoted', () => {
    const program = lines(config(), { noPivot: true });
    expect(program.filter((line) => line.startsWith('pivot_root'))).toEqual([]);
    expectOrder(program, /MS_MOVE/, /^chroot\("\."\)/);
  });

  test('without a mount namespace nothing is mounted', () => {
    const program = lines(config({ mounts: [], linux: { namespaces: [{ type: 'uts' }] } }));
    expect(program.filter((line) => /^(mount|move_mount|pivot_root)\(/.test(line))).toEqual([]);
    positions(program, [/^chroot\(/]);
  });

  test('hooks of a user find a dumpable process, in a PID namespace with nobody else in it', () => {
    const hook = [{ path: '/bin/true' }];
    const asked = config({ hooks: { createContainer: hook, startContainer: hook } });
    const dumpable = (change: Partial<Context>): string[] => {
      const program = lines(asked, { waitsForHooks: true, ...change });
      return program.flatMap((line) => /PR_SET_DUMPABLE, (\d)/.exec(line)?.[1] ?? []);
    };
    expect(dumpable({ userFirst: true })).toEqual(['0', '1', '0', '1', '0']);
    expect(dumpable({ userFirst: false })).toEqual(['0']);
    const shared = planNamespaces([{ type: 'mount' }, { type: 'pid', path: '/proc/1/ns/pid' }]);
    expect(dumpable({ userFirst: true, namespaces: shared, joinFds: [9] })).toEqual(['0']);
  });

  test('hooks run when the mounts are there and the root is still the host’s', () => {
    const program = lines(config(), { waitsForHooks: true });
    const hooks = positions(program, [/# \/hooks/])[0] ?? 0;
    expect(program.findLastIndex((line) => line.includes('# /mounts'))).toBeLessThan(hooks);
    expect(hooks).toBeLessThan(positions(program, [/^pivot_root/])[0] ?? 0);
  });
});

describe('labels', () => {
  const { process: standard } = config();
  if (standard === undefined) throw new Error('no process');

  test('are asked for while /proc is the host’s', () => {
    const asked = config({
      process: { ...standard, apparmorProfile: 'box', selinuxLabel: 'u:r:t' },
    });
    expectOrder(
      lines(asked),
      /^openat\(AT_FDCWD, "\/proc\/thread-self\/attr\/apparmor\/exec"/,
      /^write\(\S+, "exec box", 8\).*# \/process\/apparmorProfile/,
      /^openat\(AT_FDCWD, "\/proc\/thread-self\/attr\/exec"/,
      /^write\(\S+, "u:r:t", 5\).*# \/process\/selinuxLabel/,
      /^unshare\(/,
    );
  });

  test('that are missing or empty are left to the kernel', () => {
    const asked = config({ process: { ...standard, apparmorProfile: '', selinuxLabel: '' } });
    for (const program of [lines(), lines(asked)]) {
      expect(program.filter((line) => line.includes('/attr/'))).toEqual([]);
    }
  });
});

describe('rights', () => {
  test('groups may stay only where a user namespace may forbid leaving them, and none are asked for', () => {
    const setgroups = (change: Partial<Context>, gids: number[] = []): string | undefined => {
      const { process: standard } = config();
      if (standard === undefined) throw new Error('no process');
      const user = { ...standard.user, additionalGids: gids };
      const program = lines(config({ process: { ...standard, user } }), change);
      return program.find((line) => line.startsWith('setgroups('));
    };
    expect(setgroups({ rootless: false })).not.toContain('?EPERM');
    expect(setgroups({ rootless: true })).toContain('?EPERM');
    expect(setgroups({ rootless: true }, [7])).not.toContain('?EPERM');
  });

  test('the bounding set while that is allowed, then groups, group, user, then the exact sets', () => {
    expectOrder(
      lines(),
      /PR_CAPBSET_DROP/,
      /^setgroups\(/,
      /^setresgid\(/,
      /^setresuid\(/,
      /^capset\(/,
      /PR_SET_NO_NEW_PRIVS/,
    );
  });

  test('the program is told to start only when it has given up everything', () => {
    const program = lines();
    const last = program.findLastIndex((line) => line.startsWith('capset('));
    expect(last).toBeLessThan(positions(program, [/^accept4\(/])[0] ?? 0);
  });

  test('the filter comes after the start', () => {
    const program = lines(config(), { seccomp: compiledFilter() });
    expectOrder(program, /^accept4\(/, /^seccomp\(/, /^execve/);
  });

  test('without no_new_privs one capability is kept for the filter, and dropped after it', () => {
    const { process: standard } = config();
    if (standard === undefined) throw new Error('no process');
    const asked = config({ process: { ...standard, noNewPrivileges: false } });
    const program = lines(asked, { seccomp: compiledFilter() });
    const sets = program.filter((line) => line.startsWith('capset('));
    expect(sets).toHaveLength(2);
    expect(sets[0]).toContain('effective=0x20200420');
    expect(sets[1]).toContain('effective=0x20000420');
    const filter = positions(program, [/^seccomp\(/])[0] ?? 0;
    expect(program.findLastIndex((line) => line.startsWith('capset('))).toBeGreaterThan(filter);
  });

  test('the last call is execve', () => {
    expect(lines().at(-1)).toMatch(/^execve(at)?\(/);
  });
});

/** A filter that allows everything: one instruction, BPF_RET with SECCOMP_RET_ALLOW. */
function compiledFilter(): NonNullable<Context['seccomp']> {
  const filter = Buffer.from('060000000000ff7f', 'hex');
  return { filter, flags: 0, notify: false, unknown: [] };
}

describe('a config without a process', () => {
  test('waits for start, and then has nothing to do', () => {
    const { process: _, ...without } = config();
    const program = lines(without);
    expect(program.at(-1)).toMatch(/^exit_group\(0\)/);
    expect(program.filter((line) => line.startsWith('execve'))).toEqual([]);
  });
});
