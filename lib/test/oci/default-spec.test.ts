import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSpec, validateConfig } from '../../src/oci/index.ts';
import type { RuntimeConfig } from '../../src/oci/index.ts';

const rootless = { uid: 1000, gid: 1001 };
const types = (config: RuntimeConfig) => config.linux?.namespaces?.map(({ type }) => type);

describe('the config to begin with', () => {
  it.each([{}, { rootless }, { cgroup2: true }, { rootless, cgroup2: true }])(
    'is valid with %j',
    (options) => {
      expect(validateConfig(defaultSpec(options))).toEqual({ errors: [], warnings: [] });
    },
  );

  it('makes the user root inside, and asks for nothing that needs privileges', () => {
    const config = defaultSpec({ rootless });
    expect(config.linux?.uidMappings).toEqual([{ containerID: 0, hostID: 1000, size: 1 }]);
    expect(config.linux?.gidMappings).toEqual([{ containerID: 0, hostID: 1001, size: 1 }]);
    expect(types(config)).toEqual(['pid', 'ipc', 'uts', 'mount', 'user']);
    expect(config.linux?.resources).toBeUndefined();
    const options = config.mounts?.flatMap((mount) => mount.options ?? []);
    expect(options?.filter((option) => option.startsWith('gid='))).toEqual([]);
  });

  it('isolates cgroups where they can be', () => {
    expect(types(defaultSpec({ cgroup2: true }))).toContain('cgroup');
  });
});

const hasRunc = spawnSync('runc', ['--version']).status === 0;

/** What `runc spec` writes; runc 1.1 also sets ambient capabilities, newer ones no longer do. */
function runcSpec(...args: string[]): RuntimeConfig {
  const bundle = mkdtempSync(path.join(tmpdir(), 'coracle-spec-'));
  try {
    const { status } = spawnSync('runc', ['spec', '--bundle', bundle, ...args]);
    expect(status).toBe(0);
    const text = readFileSync(path.join(bundle, 'config.json'), 'utf8');
    const config = JSON.parse(text) as RuntimeConfig;
    delete config.process?.capabilities?.ambient;
    return config;
  } finally {
    rmSync(bundle, { recursive: true });
  }
}

describe.skipIf(!hasRunc)('beside that of runc', () => {
  it.each(['root', 'rootless'])('differs only in version and host name, for %s', (who) => {
    const isRootless = who === 'rootless';
    const theirs = runcSpec(...(isRootless ? ['--rootless'] : []));
    const owner = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
    const cgroup2 = types(theirs)?.includes('cgroup') ?? false;
    const ours = defaultSpec({ cgroup2, ...(isRootless && { rootless: owner }) });
    const { ociVersion, hostname } = ours;
    expect(ours).toEqual({ ...theirs, ociVersion, hostname });
  });
});
