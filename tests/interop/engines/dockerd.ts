/**
 * dockerd 20.10, started by hand on a containerd of our own: every path it writes is in the
 * test's folder, and it shares that containerd's enclave, so its bridge and firewall
 * rules vanish with the two daemons. The runtime under test is its default runtime.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { cgroupDriver, type CgroupParent } from './cgroup-parent.ts';
import { output, run } from './command.ts';
import { Containerd } from './containerd.ts';
import { Daemon } from './daemon.ts';
import { DockerLike } from './docker-like.ts';
import type { Replacements } from './enclave.ts';
import { namesIn } from './leftovers.ts';
import { findProgram, runtimePath } from './runtime-under-test.ts';

/** The docker clients of this machine: Debian's, and a newer one where PATH has it first. */
export const dockerClients: readonly string[] = [
  ...new Set(['/usr/bin/docker', 'docker'].map(findProgram)),
].filter((path) => path !== undefined);

export interface DockerdChoice {
  /** Flags beyond those that every test needs. */
  readonly flags?: readonly string[];
  /** Files that the daemons see in place of the machine's. */
  readonly replacements?: Replacements;
}

export class Dockerd {
  readonly containerd: Containerd;
  readonly folder: string;
  daemon: Daemon;
  readonly #flags: readonly string[];

  private constructor(
    containerd: Containerd,
    folder: string,
    flags: readonly string[],
    daemon: Daemon,
  ) {
    this.containerd = containerd;
    this.folder = folder;
    this.#flags = flags;
    this.daemon = daemon;
  }

  /** Starts containerd, then dockerd, with the choice's flags and containers below `cgroupParent`. */
  static async start(folder: string, cgroupParent: CgroupParent, choice: DockerdChoice = {}) {
    mkdirSync(folder, { recursive: true });
    const home = join(folder, 'containerd');
    const containerd = await Containerd.start(home, cgroupParent, choice.replacements);
    const all = [...commonFlags(folder, containerd, cgroupParent), ...(choice.flags ?? [])];
    try {
      return new Dockerd(containerd, folder, all, await launch(folder, containerd, all));
    } catch (error) {
      await containerd.stop();
      throw error;
    }
  }

  /** Names of the containers whose state the runtime keeps for this daemon's shims. */
  states(): string[] {
    return namesIn(join(this.folder, 'exec-root/runtime-runc/moby'));
  }

  /** A client, as a path from {@link dockerClients}, that talks to this daemon. */
  client(path: string): DockerLike {
    const DOCKER_HOST = `unix://${socketIn(this.folder)}`;
    const env = { ...process.env, DOCKER_HOST, DOCKER_CONFIG: join(this.folder, 'client') };
    return new DockerLike({ argv: [path], env, runFlags: [], removeFlags: [] });
  }

  /** Starts dockerd again after it was stopped or killed; containerd ran on. */
  async restart(): Promise<void> {
    this.daemon = await launch(this.folder, this.containerd, this.#flags);
  }

  async stop(): Promise<void> {
    await this.daemon.stop();
    await this.containerd.stop();
    await run(['umount', ...this.#ownMounts()]);
  }

  /** dockerd's own, which it keeps: `--network=host`'s namespace and, to restore live, its data. */
  #ownMounts(): string[] {
    const namespaces = join(this.folder, 'exec-root/netns');
    const kept = namesIn(namespaces).map((name) => join(namespaces, name));
    return [...kept, join(this.folder, 'data')];
  }
}

function launch(folder: string, containerd: Containerd, flags: readonly string[]): Promise<Daemon> {
  const socket = socketIn(folder);
  return Daemon.start({
    argv: ['dockerd', ...flags],
    log: join(folder, 'log'),
    enclave: containerd.enclave,
    ready: () => answersPing(socket),
  });
}

/** `GET /_ping` of the engine's API. */
function answersPing(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const request = get({ socketPath, path: '/_ping' }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('error', reject);
  });
}

function commonFlags(folder: string, containerd: Containerd, cgroupParent: CgroupParent): string[] {
  // An empty configuration file of our own keeps the machine's /etc/docker/daemon.json out.
  const config = join(folder, 'daemon.json');
  writeFileSync(config, '{}');
  return [
    `--config-file=${config}`,
    `--host=unix://${socketIn(folder)}`,
    `--containerd=${containerd.socket}`,
    `--pidfile=${join(folder, 'pid')}`,
    `--data-root=${join(folder, 'data')}`,
    `--exec-root=${join(folder, 'exec-root')}`,
    '--storage-driver=overlay2',
    `--exec-opt=native.cgroupdriver=${cgroupDriver}`,
    `--add-runtime=under-test=${runtimePath}`,
    '--default-runtime=under-test',
    `--cgroup-parent=${cgroupParent.name}`,
    '--shutdown-timeout=2',
  ];
}

function socketIn(folder: string): string {
  return join(folder, 'docker.sock');
}

/** Loads the archive of the test image. */
export async function loadImage(docker: DockerLike, archive: string): Promise<void> {
  await docker.ok('load', '--quiet', '--input', archive);
}

/** The version of a client, such as `20.10.24`. */
export async function clientVersion(path: string): Promise<string> {
  const text = await output([path, '--version']);
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? text;
}
