/** What podman alone does with the runtime: pods, builds, mapped users, hooks, plain roots. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cgroupDriver } from './engines/cgroup-parent.ts';
import { run } from './engines/command.ts';
import { IMAGE, makeRootfs } from './engines/image.ts';
import { removeCgroup } from './engines/leftovers.ts';
import { isAlive, namespace, status } from './engines/outside.ts';
import { throughPodman, type PodmanUnderTest } from './engines/through-podman.ts';

throughPodman((under) => {
  describe('a pod', () => {
    podScenarios(under);
  });
  describe('user namespaces', () => {
    userScenarios(under);
  });
  describe('roots and images', () => {
    rootScenarios(under);
  });
  describe('hooks', () => {
    hookScenarios(under);
  });
  describe('descriptors', () => {
    descriptorScenarios(under);
  });
});

function podScenarios({ podman, place }: PodmanUnderTest): void {
  test('shares network, IPC and host name, and not mounts and processes', async () => {
    const infra = [`--infra-image=${IMAGE}`, '--infra-command=sleep 1000'];
    const parent = `--cgroup-parent=${place().cgroupParent.name}`;
    const id = await podman().ok(
      'pod',
      'create',
      '--name=pod',
      '--hostname=boat',
      parent,
      ...infra,
    );
    const member = ['run', '--detach', '--pod=pod', IMAGE, 'sleep', '1000'];
    const first = await podman().ok(...member);
    const second = await podman().ok(...member);
    const pids = [await podman().pid(first), await podman().pid(second)] as const;
    for (const kind of ['net', 'ipc', 'uts']) {
      expect(namespace(pids[0], kind)).toBe(namespace(pids[1], kind));
    }
    for (const kind of ['mnt', 'pid']) {
      expect(namespace(pids[0], kind)).not.toBe(namespace(pids[1], kind));
    }
    expect(await podman().ok('exec', second, 'hostname')).toBe('boat');
    await podman().ok('pod', 'stop', '--time', '0', 'pod');
    expect(pids.map(isAlive)).toEqual([false, false]);
    await podman().ok('pod', 'rm', '--force', '--time', '0', 'pod');
    // podman forgets its pod's cgroup in hierarchies of cgroup v1 that have no controller.
    if (cgroupDriver === 'cgroupfs') await removeCgroup(`${place().cgroupParent.path}/${id}`);
  });
}

function userScenarios({ podman, place }: PodmanUnderTest): void {
  const MAPS = ['--uidmap=0:100000:65536', '--gidmap=0:200000:65536'];

  test('with maps root inside is another user outside, for exec too', async () => {
    const name = await podman().start(MAPS);
    const pid = await podman().pid(name);
    expect(status(pid, 'Uid')).toMatch(/^100000\t/);
    expect(status(pid, 'Gid')).toMatch(/^200000\t/);
    expect(namespace(pid, 'user')).not.toBe(namespace('self', 'user'));
    expect(readFileSync(`/proc/${pid}/uid_map`, 'utf8').trim()).toMatch(/^0\s+100000\s+65536$/);
    expect(await podman().ok('exec', name, 'sh', '-c', 'id -u; stat -c %u /etc')).toBe('0\n0');
  });

  test('with maps the root can be written, and a bind mount shows its true owner', async () => {
    const host = join(place().folder, 'owned');
    mkdirSync(host, { recursive: true });
    const script = 'touch /written && stat -c %u /written; stat -c %u /data';
    const overflow = '65534';
    expect(await podman().shell([...MAPS, '-v', `${host}:/data`], script)).toBe(`0\n${overflow}`);
  });

  test('with maps a terminal belongs to the mapped user', async () => {
    const terminal = podman().runInTerminal(MAPS, ['sh', '-c', 'stat -c "owner %u" $(tty)']);
    await terminal.shows(/owner 0/);
    expect(await terminal.exitCode()).toBe(0);
  });
}

function rootScenarios({ podman, place }: PodmanUnderTest): void {
  test('--rootfs runs a plain folder, and writes to it', async () => {
    const rootfs = join(place().folder, 'plain');
    mkdirSync(rootfs);
    await makeRootfs(rootfs);
    const parent = `--cgroup-parent=${place().cgroupParent.name}`;
    const command = ['/bin/sh', '-c', 'echo written >/file; pwd'];
    expect(await podman().ok('run', '--rm', parent, '--rootfs', rootfs, ...command)).toBe('/');
    expect(readFileSync(join(rootfs, 'file'), 'utf8')).toBe('written\n');
  });

  test('build runs its steps through the runtime', async () => {
    const context = join(place().folder, 'context');
    mkdirSync(context);
    const steps = [
      `FROM ${IMAGE}`,
      'RUN mkdir /work && echo built >/work/file && chown 1000:1000 /work/file',
      'USER guest',
      'WORKDIR /work',
      'RUN id -u >>file',
      'CMD ["cat", "file"]',
    ];
    writeFileSync(join(context, 'Containerfile'), steps.join('\n'));
    // A build uses its `parent` as the cgroup itself.
    const cgroup = `--cgroup-parent=${place().cgroupParent.cgroupsPath('build')}`;
    const flags = ['--network=none', cgroup, '--quiet', '--tag=coracle.test/built'];
    await podman().ok('build', ...flags, context);
    expect(await podman().runImage('coracle.test/built')).toBe('built\n1000');
    await podman().ok('image', 'rm', 'coracle.test/built');
  });

  test('--security-opt mask and unmask choose what of /proc can be seen', async () => {
    const masked = ['--security-opt=mask=/filled'];
    expect(await podman().shell(masked, 'ls /filled')).toBe('');
    const unmasked = ['--security-opt=unmask=ALL'];
    expect(Number(await podman().shell(unmasked, 'ls /sys/firmware | wc -l'))).toBeGreaterThan(0);
  });
}

function hookScenarios({ podman, place }: PodmanUnderTest): void {
  const STATUS = {
    prestart: /^creat(ed|ing)$/,
    createRuntime: /^creat(ed|ing)$/,
    // runc is undecided: it runs this hook while the program is about to replace its own.
    poststart: /^(created|running)$/,
    poststop: /^stopped$/,
  };

  test('are run by the runtime at their stages, with the state on standard input', async () => {
    const folder = join(place().folder, 'hooks');
    mkdirSync(folder);
    for (const stage of Object.keys(STATUS)) writeHook(folder, stage);
    const parent = `--cgroup-parent=${place().cgroupParent.name}`;
    await podman().ok('--hooks-dir', folder, 'run', '--name=hooked', parent, IMAGE, 'true');
    const id = await podman().inspect('hooked', '.Id');
    await podman().remove('hooked');
    for (const [stage, expected] of Object.entries(STATUS)) {
      const state = JSON.parse(readFileSync(join(folder, `${stage}.state`), 'utf8')) as State;
      expect(state).toMatchObject({ id, status: expect.stringMatching(expected) as string });
      expect(state.bundle).toContain(id);
    }
  });
}

/** What a hook reads from its standard input: the runtime specification's state. */
interface State {
  readonly id: string;
  readonly status: string;
  readonly bundle: string;
}

/** A hook for every container that keeps what it was given. */
function writeHook(folder: string, stage: string): void {
  const script = join(folder, `${stage}.sh`);
  writeFileSync(script, `#!/bin/sh\nexec cat >${join(folder, stage)}.state\n`, { mode: 0o755 });
  const hook = { version: '1.0.0', hook: { path: script }, when: { always: true } };
  writeFileSync(join(folder, `${stage}.json`), JSON.stringify({ ...hook, stages: [stage] }));
}

function descriptorScenarios({ podman, place }: PodmanUnderTest): void {
  const LIST = ['sh', '-c', 'cat <&3; ls /proc/$$/fd; true'];

  test('--preserve-fds hands them on, to run and to exec', async () => {
    const file = join(place().folder, 'preserved');
    writeFileSync(file, 'from the caller\n');
    const name = await podman().start();
    const parent = `--cgroup-parent=${place().cgroupParent.name}`;
    for (const args of [
      ['run', '--rm', '--preserve-fds=1', parent, IMAGE, ...LIST],
      ['exec', '--preserve-fds=1', name, ...LIST],
    ]) {
      const shell = ['sh', '-c', `exec "$@" 3<${file}`, 'sh', ...podman().commandLine(args)];
      const outcome = await run(shell, { env: podman().environment });
      expect(outcome).toMatchObject({ code: 0, stdout: 'from the caller\n0\n1\n2\n3\n' });
    }
  });

  test('without it only the three standard streams are open', async () => {
    expect(await podman().shell([], 'ls /proc/$$/fd; true')).toBe('0\n1\n2');
    const name = await podman().start();
    const text = await podman().ok('exec', name, 'sh', '-c', 'ls /proc/$$/fd; true');
    expect(text).toBe('0\n1\n2');
  });
}
