/** AppArmor: the kernel's own word on which profile a process has, and what the profile keeps it from. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { defaultSpec, stringifyExactJson } from 'coracle/oci';
import { output, run } from '../interop/engines/command.ts';
import { because } from '../interop/engines/each-engine.ts';
import { makeRootfs } from '../interop/engines/image.ts';
import { findProgram, runtimePath } from '../interop/engines/runtime-under-test.ts';
import { UserBundle } from './rootless/bundle.ts';
import { missingLogin, readUser } from './rootless/login.ts';

/** All that a container does, but for one file. */
const profile = (name: string): string => `
profile ${name} flags=(attach_disconnected,mediate_deleted) {
  file,
  capability,
  network,
  mount,
  umount,
  pivot_root,
  signal,
  ptrace,
  deny /tmp/secret w,
}
`;
const OWN = 'coracle-test-own';
const OTHER = 'coracle-test-other';

function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root, to load profiles';
  if (!existsSync('/sys/kernel/security/apparmor/profiles')) return 'AppArmor is not active here';
  return findProgram('apparmor_parser') === undefined ? 'no apparmor_parser' : undefined;
}

const reason = missing();

describe.skipIf(reason !== undefined)(`AppArmor${because(reason)}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'coracle-apparmor-'));
  const definitions = join(folder, 'profiles');
  const root = ['--root', join(folder, 'state')];
  const runtime = (...args: string[]) => run([runtimePath, ...root, ...args], { timeout: 110_000 });
  const configure = (apparmorProfile: string | undefined, script: string): void => {
    const config = defaultSpec({ cgroup2: true });
    config.root.readonly = false;
    Object.assign(config.process ?? {}, {
      terminal: false,
      args: ['sh', '-c', script],
      ...(apparmorProfile !== undefined && { apparmorProfile }),
    });
    writeFileSync(join(folder, 'config.json'), stringifyExactJson(config));
  };
  /** A container that waits, by its PID. */
  const start = async (apparmorProfile?: string): Promise<number> => {
    configure(apparmorProfile, 'exec sleep 1000');
    const pidFile = join(folder, 'pid');
    // The container keeps its creator's output, so it goes to a file; a failure shows it.
    const log = join(folder, 'output');
    await output([
      'sh',
      '-c',
      `"$@" </dev/null >${log} 2>&1 || { cat ${log} >&2; exit 1; }`,
      'sh',
      runtimePath,
      ...root,
      'run',
      '--detach',
      `--pid-file=${pidFile}`,
      `--bundle=${folder}`,
      'box',
    ]);
    return Number(readFileSync(pidFile, 'utf8'));
  };
  const label = (pid: number, file: string): string =>
    readFileSync(`/proc/${pid}/attr/${file}`, 'utf8').trim();

  beforeAll(async () => {
    await makeRootfs(join(folder, 'rootfs'));
    writeFileSync(definitions, profile(OWN) + profile(OTHER));
    await output(['apparmor_parser', '--replace', '--skip-cache', definitions]);
  });
  afterEach(() => runtime('delete', '--force', 'box'));
  afterAll(async () => {
    await output(['apparmor_parser', '--remove', definitions]);
    rmSync(folder, { recursive: true });
  });

  test('the container’s process has the profile, and one without a profile is unconfined', async () => {
    const pid = await start(OWN);
    expect(label(pid, 'current')).toBe(`${OWN} (enforce)`);
    expect(label(pid, 'apparmor/current')).toBe(`${OWN} (enforce)`);
    await runtime('delete', '--force', 'box');
    expect(label(await start(), 'current')).toBe('unconfined');
  });

  test('exec has the container’s profile, or another that it asks for', async () => {
    await start(OWN);
    const current = ['cat', '/proc/self/attr/apparmor/current'];
    expect((await runtime('exec', 'box', ...current)).stdout).toBe(`${OWN} (enforce)\n`);
    const other = await runtime('exec', '--apparmor', OTHER, 'box', ...current);
    expect(other.stdout).toBe(`${OTHER} (enforce)\n`);
    const none = await runtime('exec', '--apparmor', 'unconfined', 'box', ...current);
    expect(none.stdout).toBe('unconfined\n');
    const process = join(folder, 'process.json');
    const described = { args: current, cwd: '/', env: ['PATH=/bin'], user: { uid: 0, gid: 0 } };
    writeFileSync(process, JSON.stringify(described));
    const fromFile = await runtime('exec', '--process', process, 'box');
    expect(fromFile.stdout).toBe(`${OWN} (enforce)\n`);
  });

  test('what the profile denies is denied, also to exec, and nothing else is', async () => {
    configure(OWN, 'echo x > /tmp/other && echo other; echo x > /tmp/secret || echo refused');
    const { stdout, stderr } = await runtime('run', `--bundle=${folder}`, 'box');
    expect(stdout).toBe('other\nrefused\n');
    expect(stderr).toContain("can't create /tmp/secret: Permission denied");
    await start(OWN);
    const refused = await runtime('exec', 'box', 'touch', '/tmp/secret');
    expect(refused.code).toBe(1);
    expect(existsSync(join(folder, 'rootfs/tmp/secret'))).toBe(false);
    const unconfined = ['exec', '--apparmor', 'unconfined', 'box', 'touch', '/tmp/secret'];
    expect((await runtime(...unconfined)).code).toBe(0);
    expect(existsSync(join(folder, 'rootfs/tmp/secret'))).toBe(true);
  });

  test('a profile that is not loaded is named with what to do, before anything is made', async () => {
    configure('coracle-test-missing', 'true');
    const { code, stderr } = await runtime('run', `--bundle=${folder}`, 'box');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /profile .*coracle-test-missing.* is not loaded.*apparmor_parser -r FILE/,
    );
    expect((await runtime('list', '--quiet')).stdout).toBe('');
    expect(existsSync('/sys/fs/cgroup/box')).toBe(false);
    await start(OWN);
    const exec = await runtime('exec', '--apparmor', 'coracle-test-missing', 'box', 'true');
    expect(exec.code).toBe(255);
    expect(exec.stderr).toMatch(/coracle-test-missing.* is not loaded.*apparmor_parser -r FILE/);
  });

  test('features says of it what runc says', async () => {
    const { linux } = JSON.parse((await runtime('features')).stdout) as Features;
    expect(linux.apparmor).toEqual({ enabled: true });
    if (findProgram('runc') === undefined) return;
    const theirs = JSON.parse(await output(['runc', 'features'])) as Features;
    expect(linux.apparmor).toEqual(theirs.linux.apparmor);
  });
});

interface Features {
  readonly linux: { readonly apparmor: unknown };
}

const noLogin = reason ?? missingLogin();

describe.skipIf(noLogin !== undefined)(`AppArmor of a user${because(noLogin)}`, () => {
  test('who may not read the list of profiles is told by the kernel’s answer', async () => {
    const bundle = await UserBundle.open(readUser());
    bundle.configure('cat /proc/self/attr/current', ({ process: described }) => {
      Object.assign(described ?? {}, { apparmorProfile: 'coracle-test-missing' });
    });
    const { code, stderr } = await bundle.sh('$R run box');
    expect(await bundle.close()).toEqual([]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /profile .*coracle-test-missing.* is not loaded.*apparmor_parser -r FILE/,
    );
  });
});
