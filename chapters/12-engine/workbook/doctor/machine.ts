/** The machine and its user, in a few facts. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { CgroupError, readHost } from 'coracle/cgroups';
import { rangesOf } from './probes/users.ts';
import { lookAtVirtualization, type Virtualization } from './virtualization.ts';

/** What does not fit into a yes or no. */
export interface Machine {
  readonly kernel: string;
  readonly architecture: string;
  readonly distribution: string;
  readonly cgroups: {
    readonly kind: 'v1' | 'v2' | 'hybrid' | 'none';
    /** By version. */
    readonly controllers: { readonly 1: readonly string[]; readonly 2: readonly string[] };
  };
  readonly systemd: { readonly version: string | undefined; readonly running: boolean };
  /** In the kernel's order; `undefined` where nobody says. */
  readonly securityModules: readonly string[] | undefined;
  readonly user: {
    readonly name: string;
    readonly uid: number;
    readonly subordinateUids: readonly string[];
    readonly subordinateGids: readonly string[];
    /** Its cgroup on version 2. */
    readonly cgroup: string | undefined;
  };
  readonly virtualization: Virtualization;
}

export function lookAtMachine(kernel: string): Machine {
  const { username, uid } = userInfo();
  return {
    kernel,
    architecture: process.arch,
    distribution: distributionOf(readText('/etc/os-release') ?? ''),
    cgroups: lookAtCgroups(),
    systemd: { version: systemdVersion(), running: existsSync('/run/systemd/system') },
    securityModules: readText('/sys/kernel/security/lsm')?.trim().split(','),
    user: {
      name: username,
      uid,
      subordinateUids: rangesOf('uid'),
      subordinateGids: rangesOf('gid'),
      cgroup: /^0::(.*)$/m.exec(readText('/proc/self/cgroup') ?? '')?.[1],
    },
    virtualization: lookAtVirtualization(),
  };
}

/** os-release(5): the name for people. */
export function distributionOf(osRelease: string): string {
  return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(osRelease)?.[1] ?? 'unknown distribution';
}

function lookAtCgroups(): Machine['cgroups'] {
  try {
    const { kind, hierarchies } = readHost();
    const of = (version: 1 | 2): string[] =>
      hierarchies
        .filter((hierarchy) => hierarchy.version === version)
        .flatMap(({ controllers }) => controllers)
        .filter((name) => !name.startsWith('name='));
    return { kind, controllers: { 1: of(1), 2: of(2) } };
  } catch (error) {
    if (!(error instanceof CgroupError)) throw error;
    return { kind: 'none', controllers: { 1: [], 2: [] } };
  }
}

function systemdVersion(): string | undefined {
  const { stdout, status } = spawnSync('systemctl', ['--version'], { encoding: 'utf8' });
  return status === 0 ? /^systemd (\d+)/.exec(stdout)?.[1] : undefined;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
