/**
 * Installs Debian packages without letting their daemons run.
 * Debian asks /usr/sbin/policy-rc.d before it starts a service; we put one that refuses, and take
 * it away afterwards. On a systemd machine the services that came with the packages are also
 * disabled, so that the next boot does not start dockerd and its firewall rules.
 */
import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';

const policyFile = '/usr/sbin/policy-rc.d';

/** The units that a package enables when it is installed. */
const unitsOf: Readonly<Record<string, readonly string[]>> = {
  containerd: ['containerd.service'],
  'docker.io': ['docker.service', 'docker.socket', 'containerd.service'],
  'docker-registry': ['docker-registry.service'],
  podman: ['podman.socket', 'podman.service', 'podman-restart.service', 'podman-auto-update.timer'],
};

/**
 * Installs `packages` with apt-get, whose progress goes to stderr. Needs root.
 * A name that this release of Debian does not have is left out (docker-cli before Debian 13).
 * Nothing is removed, busybox aside, which busybox-static replaces.
 *
 * @throws Error when apt-get fails; its own message is on stderr by then.
 */
export async function installPackages(packages: readonly string[]): Promise<void> {
  await run('apt-get', ['update', '-q']);
  const known: string[] = [];
  for (const name of packages) {
    if (await isKnown(name)) known.push(name);
  }
  await withoutServices(async () => {
    const options = ['install', '-qy', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0'];
    const others = known.filter((name) => name !== 'busybox-static');
    if (others.length < known.length) await run('apt-get', [...options, 'busybox-static']);
    if (others.length > 0) await run('apt-get', [...options, '--no-remove', ...others]);
  });
  if (!existsSync('/run/systemd/system')) return;
  const units = known.flatMap((name) => unitsOf[name] ?? []);
  if (units.length > 0) await run('systemctl', ['disable', '--quiet', ...units]);
}

async function withoutServices(action: () => Promise<void>): Promise<void> {
  // A policy that is there already (containers, build machines) is the owner's choice.
  if (existsSync(policyFile)) return action();
  const remove = (): void => rmSync(policyFile, { force: true });
  writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
  process.once('exit', remove);
  try {
    await action();
  } finally {
    process.off('exit', remove);
    remove();
  }
}

async function isKnown(name: string): Promise<boolean> {
  const code = await exitCode('apt-cache', ['show', '--no-all-versions', name], 'ignore');
  return code === 0;
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const code = await exitCode(program, args, 2);
  if (code !== 0) {
    throw new Error(`'${program} ${args.join(' ')}' failed with exit code ${code}; see above.`);
  }
}

/** Never reads our stdin: an installation that asks a question would wait for ever. */
function exitCode(program: string, args: readonly string[], output: 'ignore' | 2): Promise<number> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const child = spawn(program, args, { env, stdio: ['ignore', output, output] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}
