/**
 * Where one test file works: a temporary folder, the test image, the engines it starts, and a
 * picture of the machine from before, against which {@link Workplace.close} compares at the end.
 *
 * Order of the end: containers are removed, then the runtime's state and the cgroups are looked
 * at while the engines still run (an engine's own shutdown would hide what the runtime forgot),
 * then the engines stop, and then the whole machine is compared.
 */
import { chmodSync, existsSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CgroupParent } from './cgroup-parent.ts';
import { run } from './command.ts';
import { Containerd } from './containerd.ts';
import { Dockerd, dockerClients, loadImage, type DockerdChoice } from './dockerd.ts';
import { buildImage } from './image.ts';
import {
  cgroupsBelow,
  difference,
  endProcesses,
  mountsBelow,
  pictureOfHost,
  processesIn,
  processesNaming,
  removeCgroup,
  removeRunTimeFolders,
} from './leftovers.ts';
import { Podman } from './podman.ts';
import { findProgram, runtimePath } from './runtime-under-test.ts';
import { until } from './until.ts';

interface Engine {
  readonly end: () => Promise<void>;
  readonly removeContainers: () => Promise<void>;
  /** Names of the containers of which the runtime still keeps state. */
  readonly states: () => Promise<string[]>;
}

export class Workplace {
  readonly folder: string;
  /** The cgroup below which every container of this file is. */
  readonly cgroupParent: CgroupParent;
  readonly archive: string;
  readonly #before: readonly string[];
  readonly #engines: Engine[] = [];

  private constructor(
    folder: string,
    parent: CgroupParent,
    archive: string,
    before: readonly string[],
  ) {
    this.folder = folder;
    this.cgroupParent = parent;
    this.archive = archive;
    this.#before = before;
  }

  static async open(): Promise<Workplace> {
    if (findProgram(runtimePath) === undefined) {
      throw new Error(`no runtime at ${runtimePath}: build it, or set CORACLE_TEST_RUNTIME`);
    }
    const folder = mkdtempSync(join(tmpdir(), 'coracle-interop-'));
    chmodSync(folder, 0o755); // Root inside a user namespace has to get through.
    const parent = new CgroupParent(process.pid);
    const before = await pictureOfHost(folder, parent.path);
    return new Workplace(folder, parent, await buildImage(folder), before);
  }

  /** podman with the image loaded. */
  async podman(): Promise<Podman> {
    const podman = new Podman(join(this.folder, 'podman'), this.cgroupParent);
    await loadImage(podman, this.archive);
    this.#engines.push({
      states: () => podman.states(),
      removeContainers: () => podman.removeAll(),
      // podman bind-mounts its storage on itself and leaves it mounted; that is podman's habit.
      end: async () => void (await run(['umount', join(podman.folder, 'storage/overlay')])),
    });
    return podman;
  }

  /** dockerd on a containerd of its own, with the image loaded. */
  async dockerd(choice: DockerdChoice = {}): Promise<Dockerd> {
    const folder = join(this.folder, `dockerd-${this.#engines.length}`);
    const dockerd = await Dockerd.start(folder, this.cgroupParent, choice);
    const client = dockerd.client(dockerClients[0] ?? 'docker');
    this.#engines.push({
      states: () => Promise.resolve(dockerd.states()),
      removeContainers: () => client.removeAll(),
      end: () => dockerd.stop(),
    });
    await loadImage(client, this.archive);
    return dockerd;
  }

  /** containerd with the image imported. */
  async containerd(): Promise<Containerd> {
    const containerd = await Containerd.start(join(this.folder, 'containerd'), this.cgroupParent);
    this.#engines.push({
      states: () => Promise.resolve(containerd.states()),
      removeContainers: () => containerd.removeAll(),
      end: () => containerd.stop(),
    });
    await containerd.ok('image', 'import', this.archive);
    return containerd;
  }

  /** Ends everything and gives one line for each thing that was left behind; none is right. */
  async close(): Promise<string[]> {
    const left: string[] = [];
    const note = (error: unknown): void => void left.push(String(error));
    for (const engine of this.#engines.splice(0)) {
      await engine.removeContainers().catch(note);
      const states = await engine.states().catch((error: unknown) => [String(error)]);
      left.push(...states.map((id) => `the runtime's state of ${id}`));
      left.push(...cgroupsBelow(this.cgroupParent.path).map((path) => `cgroup ${path}`));
      await engine.end().catch(note);
    }
    if (left.length > 0) await this.#sweep().catch(note);
    await removeCgroup(this.cgroupParent.path).catch(note);
    removeRunTimeFolders(this.#before);
    left.push(...(await this.#settledDifference()));
    if (left.length === 0) rmSync(this.folder, { recursive: true });
    return left;
  }

  /** Takes away by force what a failed test left, so that it harms no later test. */
  async #sweep(): Promise<void> {
    endProcesses([...processesNaming(this.folder), ...processesIn(this.cgroupParent.path)]);
    for (const target of mountsBelow(this.folder)) await run(['umount', '--lazy', target]);
    for (const path of cgroupsBelow(this.cgroupParent.path)) {
      await until(`${path} to be empty`, () => {
        if (existsSync(path)) rmdirSync(path);
        return true;
      });
    }
  }

  /** Shims and network namespaces end a moment after the engine that used them. */
  async #settledDifference(): Promise<string[]> {
    let found: string[] = [];
    await until(
      'the machine to be as before',
      async () => {
        found = difference(this.#before, await pictureOfHost(this.folder, this.cgroupParent.path));
        return found.length === 0;
      },
      5_000,
    ).catch(() => undefined);
    return found;
  }
}
