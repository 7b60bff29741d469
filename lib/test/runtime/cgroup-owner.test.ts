import { describe, expect, it } from 'vitest';
import { planNamespaces } from '../../src/namespaces/index.ts';
import { defaultSpec } from '../../src/oci/index.ts';
import type { LinuxNamespace, RuntimeConfig } from '../../src/oci/index.ts';
import { cgroupOwner } from '../../src/runtime/cgroup-owner.ts';

const CGROUP: LinuxNamespace = { type: 'cgroup' };
const USER: LinuxNamespace = { type: 'user' };

/** A program of user 1000 that sees its cgroup, writable unless options say otherwise. */
function config(options: string[] = [], change: Partial<RuntimeConfig> = {}): RuntimeConfig {
  const spec = defaultSpec();
  Object.assign(spec.process ?? {}, { user: { uid: 1000, gid: 1000 } });
  const mount = { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options };
  return { ...spec, mounts: [mount], ...change };
}

const owner = (from: RuntimeConfig, ...namespaces: LinuxNamespace[]): number | undefined =>
  cgroupOwner({ ...from, linux: { ...from.linux, namespaces } }, planNamespaces(namespaces));

describe('the owner of a container’s cgroup', () => {
  it('is the program’s user when it has a cgroup namespace and a writable mount', () => {
    expect(owner(config(), CGROUP)).toBe(1000);
  });

  it('stays the host’s root without the namespace, with one that others share, or read-only', () => {
    expect(owner(config())).toBeUndefined();
    expect(owner(config(), { type: 'cgroup', path: '/proc/1/ns/cgroup' })).toBeUndefined();
    expect(owner(config(['nosuid', 'ro']), CGROUP)).toBeUndefined();
    expect(owner(config([], { mounts: [] }), CGROUP)).toBeUndefined();
  });

  it('is known on the host by the id that the user namespace maps it to', () => {
    const uidMappings = [
      { containerID: 0, hostID: 70_000, size: 1 },
      { containerID: 1, hostID: 100_000, size: 65_536 },
    ];
    expect(owner(config([], { linux: { uidMappings } }), CGROUP, USER)).toBe(100_999);
    expect(owner(config([], { linux: { uidMappings: [] } }), CGROUP, USER)).toBeUndefined();
    const joined: LinuxNamespace = { type: 'user', path: '/proc/1/ns/user' };
    expect(owner(config(), CGROUP, joined)).toBeUndefined();
  });
});
