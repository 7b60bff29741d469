/**
 * A process in namespaces of its own, to be looked at from outside.
 *
 * Life cycle: its program makes or joins the namespaces → it says "ready" and waits → the test looks
 * → disposing of it ends and collects it. Nothing of the test's own process changes.
 */
import { readFileSync } from 'node:fs';
import {
  appendNamespaces,
  NOTICE_FORKED,
  NOTICE_MAPPINGS,
  openNamespace,
  planNamespaces,
  writeIdMappings,
} from '../../src/namespaces/index.ts';
import type { LinuxIdMapping, LinuxNamespace, LinuxTimeOffsets } from '../../src/oci/index.ts';
import {
  killAndCollect,
  notify,
  socketpair,
  space,
  spawnProgram,
  SyscallProgram,
  waitForExit,
  type ProgramProcess,
} from '../../src/sys/index.ts';

const READY = 100;

export interface Scene {
  readonly namespaces: readonly LinuxNamespace[];
  readonly mappings?: readonly LinuxIdMapping[];
  readonly timeOffsets?: LinuxTimeOffsets;
  /** Further operations, in the namespaces. */
  readonly inside?: (program: SyscallProgram) => void;
}

export class Inhabitant implements Disposable {
  readonly #child: ProgramProcess;

  /** Returns when the process is in its namespaces. @throws what its program or the maps throw. */
  constructor(scene: Scene) {
    this.#child = spawn(scene);
    try {
      this.#awaitReady(scene);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** A file of `/proc/PID`, as text. */
  proc(name: string): string {
    return readFileSync(`/proc/${this.pid}/${name}`, 'utf8');
  }

  /** The new process may say "ready" before the old one has told its PID. */
  #awaitReady({ namespaces, mappings = [] }: Scene): void {
    let known = !planNamespaces(namespaces).mustFork;
    let ready = false;
    while (!known || !ready) {
      const notice = this.#child.receive();
      if (notice === undefined) throw new Error('the process ended before it was ready');
      if (notice.tag === READY) ready = true;
      if (notice.tag === NOTICE_MAPPINGS) {
        writeIdMappings(this.pid, { uid: mappings, gid: mappings });
        this.#child.send();
      }
      if (notice.tag === NOTICE_FORKED) {
        waitForExit(this.pid);
        this.#child.pid = notice.value;
        known = true;
      }
    }
  }

  [Symbol.dispose](): void {
    this.#child[Symbol.dispose]();
    killAndCollect(this.pid);
  }
}

function spawn(scene: Scene): ProgramProcess {
  const plan = planNamespaces(scene.namespaces);
  using open = new DisposableStack();
  const joins = plan.join.map(({ path, kind }) => open.use(openNamespace(path, kind.type)));
  const joinFds = joins.map(({ fd }) => fd);
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  const controlFd = childControl.fd;
  const { timeOffsets } = scene;
  const offsets = timeOffsets === undefined ? {} : { timeOffsets };
  appendNamespaces(program, plan, { controlFd, joinFds, ...offsets });
  scene.inside?.(program);
  notify(program, controlFd, READY);
  program.call('read', [controlFd, space(8), 8], { zeroIsFailure: true });
  return spawnProgram(program, { control, childControl, keep: joinFds, name: 'inhabitant' });
}
