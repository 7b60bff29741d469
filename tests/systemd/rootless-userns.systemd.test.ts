/**
 * The runtime as root of a user namespace, as podman without root starts it: uid 0, and no power over
 * the machine.
 */
import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RuntimeConfig } from 'coracle/oci';
import { because } from '../interop/engines/each-engine.ts';
import { UserBundle } from './rootless/bundle.ts';
import { missingLogin, readUser } from './rootless/login.ts';

const reason = missingLogin('unshare');

describe.skipIf(reason !== undefined)(`root of a user namespace${because(reason)}`, () => {
  const user = readUser();
  let bundle: UserBundle;
  beforeAll(async () => {
    bundle = await UserBundle.open(user);
  });
  afterAll(async () => {
    expect(await bundle.close()).toEqual([]);
  });
  const inside = 'unshare --user --map-root-user --map-auto --mount';
  /** The runtime's own user namespace is the container's. */
  const withoutUser = (config: RuntimeConfig): void => {
    const { uidMappings: _, gidMappings: __, namespaces = [], ...linux } = config.linux ?? {};
    config.linux = { ...linux, namespaces: namespaces.filter(({ type }) => type !== 'user') };
  };

  test('binds the host’s devices, since it may make none', async () => {
    bundle.configure(
      'stat -c %t:%T /dev/null /dev/zero; grep -c " /dev/null " /proc/mounts',
      withoutUser,
    );
    expect(await bundle.ok(`${inside} $R run devices`)).toBe('1:3\n1:5\n1');
  });

  test('cannot lower the oom score, and goes on without', async () => {
    bundle.configure('cat /proc/self/oom_score_adj', (config) => {
      withoutUser(config);
      Object.assign(config.process ?? {}, { oomScoreAdj: -500 });
    });
    const own = await bundle.ok('cat /proc/self/oom_score_adj');
    expect(await bundle.ok(`${inside} $R run oom`)).toBe(own);
  });

  test('maps ids that are mapped to it in a namespace below, without a helper', async () => {
    bundle.configure('cat /proc/self/uid_map; id -u; id -G', (config) => {
      const maps = [{ containerID: 0, hostID: 5, size: 10 }];
      Object.assign(config.linux ?? {}, { uidMappings: maps, gidMappings: maps });
      Object.assign(config.process ?? {}, { user: { uid: 2, gid: 3, additionalGids: [4] } });
    });
    // The rootfs is the user's, who is nobody in there.
    const printed = await bundle.ok(`${inside} $R run maps`);
    expect(printed.replaceAll(/ +/g, ' ').split('\n')).toEqual([' 0 5 10'.trim(), '2', '3 4']);
  });

  test('keeps its state where the user’s is, unless it is called root', async () => {
    bundle.configure('true', withoutUser);
    const root = `/run/user/${user.uid}/coracle`;
    await bundle.ok(`${inside} $R create state </dev/null >/dev/null 2>&1`);
    expect(readdirSync(root)).toContain('state');
    await bundle.ok(`${inside} $R delete --force state`);
    expect(existsSync(`${root}/state`)).toBe(false);
    const asRoot = await bundle.sh(`${inside} env USER=root $R create state`);
    expect(asRoot.code).toBe(1);
    expect(asRoot.stderr).toContain('/run/coracle');
  });
});
