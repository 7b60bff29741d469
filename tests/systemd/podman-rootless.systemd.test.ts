/** podman of an ordinary user on the runtime: root of podman's user namespace, not of the machine. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { output } from '../interop/engines/command.ts';
import { because } from '../interop/engines/each-engine.ts';
import { status } from '../interop/engines/outside.ts';
import { runtimePath } from '../interop/engines/runtime-under-test.ts';
import { UserBundle } from './rootless/bundle.ts';
import { missingLogin, readUser } from './rootless/login.ts';

const reason = missingLogin('podman', 'conmon');
const IMAGE = 'localhost/busybox';

describe.skipIf(reason !== undefined)(`podman without root${because(reason)}`, () => {
  const user = readUser();
  let bundle: UserBundle;
  const variables = (manager: string): Record<string, string> => ({
    CONTAINERS_CONF: join(bundle.folder, 'containers.conf'),
    CONTAINERS_STORAGE_CONF: join(bundle.folder, 'storage.conf'),
    P: `podman --runtime ${runtimePath} --cgroup-manager=${manager}`,
    I: IMAGE,
  });
  const login = (manager: string) => ({ delegated: true, variables: variables(manager) });
  const ok = (script: string, manager = 'cgroupfs') => bundle.ok(script, login(manager));
  const sh = (script: string) => bundle.sh(script, login('cgroupfs'));

  beforeAll(async () => {
    bundle = await UserBundle.open(user);
    const { folder } = bundle;
    writeFileSync(
      join(folder, 'containers.conf'),
      `[engine]\nruntime_supports_json = ["${basename(runtimePath)}"]\nevents_logger = "file"\n`,
    );
    writeFileSync(
      join(folder, 'storage.conf'),
      `[storage]\ndriver = "overlay"\ngraphroot = "${folder}/storage"\nrunroot = "${folder}/run"\n`,
    );
    mkdirSync(join(folder, 'volume'));
    await output(['chown', `${user.uid}:${user.gid}`, join(folder, 'volume')]);
    await ok('tar -C rootfs -c . | $P import --quiet - $I >/dev/null');
  });
  afterEach(() => sh('$P rm --all --force --time 0'));
  afterAll(async () => {
    const { folder } = bundle;
    // Files of subordinate ids can be removed only from inside of podman's user namespace.
    await sh(`$P system migrate; podman unshare rm -rf ${folder}/storage ${folder}/run`);
    const root = `/run/user/${user.uid}/coracle`;
    const states = existsSync(root) ? readdirSync(root) : [];
    expect(states.filter((name) => !name.startsWith('.'))).toEqual([]);
    expect(await bundle.close()).toEqual([]);
  });

  test.each([
    ['cgroupfs', /\/[0-9a-f]{64}$/],
    ['systemd', /\/user\.slice\/libpod-[0-9a-f]{64}\.scope$/],
  ])('runs, enters, stops and removes a container with limits, by %s', async (manager, place) => {
    const podman = (script: string) => ok(script, manager);
    await podman(`$P run --detach --name box --memory 48m --pids-limit 30 \\
      $I sh -c 'echo out; echo err >&2; exec sleep 1000'`);
    const pid = Number(await podman("$P inspect --format '{{.State.Pid}}' box"));
    expect(status(pid, 'Uid').split('\t').map(Number)).toEqual(Array(4).fill(user.uid));
    const cgroup = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().slice('0::'.length);
    expect(cgroup).toContain(`/user@${user.uid}.service/`);
    expect(cgroup).toMatch(place);
    const limit = (file: string): string =>
      readFileSync(join('/sys/fs/cgroup', cgroup, file), 'utf8').trim();
    expect(limit('memory.max')).toBe(String(48 << 20));
    expect(limit('pids.max')).toBe('30');
    expect(await podman('$P exec box sh -c "id -u; cat /proc/self/cgroup"')).toBe('0\n0::/');
    expect(await podman('$P logs box 2>&1')).toBe('out\nerr');
    await podman('$P stop --time 0 box; $P rm box');
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(existsSync(join('/sys/fs/cgroup', cgroup))).toBe(false);
  });

  test('a volume is the user’s from outside', async () => {
    const folder = join(bundle.folder, 'volume');
    await ok(`$P run --rm --volume ${folder}:/volume $I sh -c 'echo hi > /volume/file'`);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('hi\n');
    expect(statSync(join(folder, 'file')).uid).toBe(user.uid);
  });

  test('--userns=keep-id keeps the user’s id, also in exec', async () => {
    await ok('$P run --detach --name kept --userns=keep-id $I sleep 1000');
    expect(await ok('$P exec kept id -u')).toBe(String(user.uid));
    const pid = Number(await ok("$P inspect --format '{{.State.Pid}}' kept"));
    expect(status(pid, 'Uid').split('\t').map(Number)).toEqual(Array(4).fill(user.uid));
  });

  test('-t gives a terminal', async () => {
    const printed = await ok(`script -qec "$P run --rm -t $I tty" /dev/null`);
    expect(printed).toBe('/dev/pts/0');
  });

  test('exit codes and a missing program are podman’s usual ones', async () => {
    expect((await sh("$P run --rm $I sh -c 'exit 42'")).code).toBe(42);
    const missing = await sh('$P run --rm $I no-such-program');
    expect(missing.code).toBe(127);
    expect(missing.stderr).toContain('executable file');
  });
});
