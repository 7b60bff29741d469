/** Limits of an ordinary user: they hold where systemd has delegated cgroups, and are refused elsewhere. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LinuxResources } from 'coracle/oci';
import { because } from '../interop/engines/each-engine.ts';
import { UserBundle } from './rootless/bundle.ts';
import { missingLogin, readUser } from './rootless/login.ts';

const reason = missingLogin();

describe.skipIf(reason !== undefined)(`limits of a user without root${because(reason)}`, () => {
  const user = readUser();
  const delegated = { delegated: true };
  let bundle: UserBundle;
  beforeAll(async () => {
    bundle = await UserBundle.open(user);
  });
  afterAll(async () => {
    expect(await bundle.close()).toEqual([]);
  });
  const configure = (script: string, resources: LinuxResources, cgroupsPath?: string): void =>
    bundle.configure(script, ({ linux = {} }) => {
      Object.assign(linux, { resources, ...(cgroupsPath !== undefined && { cgroupsPath }) });
    });
  const limited: LinuxResources = {
    memory: { limit: 32 << 20 },
    pids: { limit: 8 },
    cpu: { quota: 20_000, period: 100_000 },
  };

  // All in one login: once its scope is gone, systemd takes back the controllers that it had for it.
  test('are in the files of a cgroup below the user’s own systemd, which delete removes', async () => {
    configure('exec sleep 1000', limited);
    const printed = await bundle.ok(
      `$R run --detach box </dev/null >/dev/null 2>&1
       pid=$($R state box | sed -n 's/.*"pid": \\([0-9]*\\).*/\\1/p')
       path=$(cut -d: -f3 /proc/$pid/cgroup); echo $path
       cd /sys/fs/cgroup$path; cat memory.max pids.max cpu.max
       $R exec box cat /proc/self/cgroup
       $R update --pids-limit 9 box; $R pause box; cat pids.max cgroup.freeze
       $R resume box; $R delete --force box`,
      delegated,
    );
    const [path = '', ...values] = printed.split('\n');
    expect(path).toMatch(new RegExp(`^/user.slice/.*/user@${user.uid}.service/.*/box$`));
    expect(values).toEqual([String(32 << 20), '8', '20000 100000', '0::/', '9', '1']);
    expect(existsSync(`/sys/fs/cgroup${path}`)).toBe(false);
  });

  test('hold: who takes more memory is killed, and who forks too often is refused', async () => {
    // tail keeps a line in memory until it ends, and this one does not.
    configure('tail -n 1 /dev/zero; echo tail: $?', {
      memory: { limit: 32 << 20, swap: 32 << 20 },
    });
    const memory = await bundle.sh('$R run memory', delegated);
    expect(memory.stdout).toContain('tail: 137');
    configure('for i in 1 2 3 4 5 6 7 8 9; do sleep 5 & done; echo all', { pids: { limit: 4 } });
    const pids = await bundle.sh('$R run pids', delegated);
    expect(pids.stdout).not.toContain('all');
    expect(pids.stderr).toMatch(/can't fork/);
  });

  test('without delegation are refused before anything runs, and say what to do', async () => {
    configure('echo ran', limited);
    const { code, stdout, stderr } = await bundle.sh('$R run refused');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/config.json|\/linux\/resources/);
    expect(stderr).toContain('delegated linux.cgroupsPath');
    expect(await bundle.ok('$R list --quiet')).toBe('');
  });

  test('in a cgroup that is not the user’s are refused, and name it', async () => {
    configure('echo ran', limited, '/system.slice/coracle-rootless');
    const { code, stdout, stderr } = await bundle.sh('$R run elsewhere', delegated);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('cannot create /sys/fs/cgroup/system.slice/coracle-rootless');
    expect(existsSync('/sys/fs/cgroup/system.slice/coracle-rootless')).toBe(false);
  });

  test('left out, the cgroup may be missing, unless --rootless false insists on one', async () => {
    configure('echo ran', {});
    expect((await bundle.sh('$R run auto')).stdout).toBe('ran\n');
    expect((await bundle.sh('$R --rootless true run yes')).stdout).toBe('ran\n');
    const insists = await bundle.sh('$R --rootless false run no');
    expect(insists).toMatchObject({ code: 1, stdout: '' });
    expect(insists.stderr).toMatch(/cannot create \/sys\/fs\/cgroup\/.*permission denied/);
  });
});
