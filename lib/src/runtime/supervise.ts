/**
 * The parent's side of a container's program: answers each notice, until the child is ready.
 *
 * Every failure ends with the child dead and collected.
 */
import { closeSync } from 'node:fs';
import type { Cleanup } from '../base/index.ts';
import {
  ForkFollower,
  mustFork,
  NOTICE_CGROUP,
  NOTICE_FORKED,
  NOTICE_MAPPINGS,
  writeIdMappings,
} from '../namespaces/index.ts';
import { killAndCollect, waitForExit, type Notice, type ProgramProcess } from '../sys/index.ts';
import { NOTICE, type Context } from './context.ts';
import { copyTree } from './copy-up.ts';
import { RuntimeError } from './errors.ts';
import { startError } from './start-error.ts';
import { runHooksInside } from './hooks-inside.ts';
import { runHooks } from './hooks.ts';
import { checkDevices } from './device-check.ts';
import { findFiles } from './lookup.ts';
import { sendListener } from './notify.ts';
import { moveNetDevices } from './netdevices/index.ts';
import { ociState } from './state/oci-state.ts';
import { readProcess } from './state/status.ts';
import type { ContainerRecord } from './state/store.ts';

export interface Supervision {
  readonly context: Context;
  readonly record: ContainerRecord;
  readonly save: (record: ContainerRecord) => void;
  /** Puts the container's process, which waits, into its cgroup. */
  readonly admit: (pid: number) => void;
  readonly cleanup: Cleanup;
  readonly runPoststop: () => void;
}

/** Returns the record of a container that waits for `start`. */
export function superviseInit(child: ProgramProcess, supervision: Supervision): ContainerRecord {
  const supervisor = new Supervisor(child, supervision);
  supervision.cleanup.add('stop the container', () => killAndCollect(child.pid));
  try {
    return supervisor.run();
  } catch (error) {
    throw error instanceof RuntimeError && error.code === 'HOOK'
      ? error
      : startError(error, supervision.context.process);
  }
}

class Supervisor {
  readonly #child: ProgramProcess;
  readonly #supervision: Supervision;
  readonly #follower: ForkFollower;
  #record: ContainerRecord;

  constructor(child: ProgramProcess, supervision: Supervision) {
    this.#child = child;
    this.#supervision = supervision;
    this.#record = supervision.record;
    const { namespaces, cgroups } = supervision.context;
    this.#follower = new ForkFollower(child, mustFork(namespaces, cgroups));
  }

  run(): ContainerRecord {
    const { context } = this.#supervision;
    if (!mustFork(context.namespaces, context.cgroups)) this.#identify(this.#child.pid);
    this.#receiveUntil(NOTICE.ready);
    if (context.seccomp?.notify !== true) return this.#record;
    const notice = this.#receiveUntil(NOTICE.listener);
    sendListener(context.config, ociState(this.#record, 'creating'), this.#child.pid, notice.value);
    return this.#record;
  }

  #receiveUntil(tag: number): Notice {
    for (;;) {
      const notice = this.#follower.receive();
      if (notice === undefined) throw this.#died();
      this.#answer(notice);
      if (notice.tag === tag) return notice;
    }
  }

  #answer(notice: Notice): void {
    const { context } = this.#supervision;
    switch (notice.tag) {
      case NOTICE_MAPPINGS: {
        const { uidMappings = [], gidMappings = [] } = context.config.linux ?? {};
        writeIdMappings(this.#child.pid, { uid: uidMappings, gid: gidMappings });
        this.#child.send();
        return;
      }
      case NOTICE_FORKED:
        this.#identify(notice.value);
        return;
      case NOTICE_CGROUP:
        this.#supervision.admit(this.#child.pid);
        this.#child.send();
        return;
      case NOTICE.copyUp:
        this.#copyUp(notice);
        return;
      case NOTICE.hooks:
        this.#runHooks();
        this.#child.send();
        return;
      case NOTICE.ready:
        this.#findProgram(notice);
        break;
      default:
    }
  }

  /** From here on the container can be found and killed by its record. */
  #identify(pid: number): void {
    const startTime = readProcess(pid)?.startTime ?? '';
    this.#record = { ...this.#record, init: { pid, startTime } };
    this.#supervision.save(this.#record);
  }

  #copyUp({ descriptors }: Notice): void {
    const [from = -1, to = -1] = descriptors;
    try {
      copyTree(from, to);
    } finally {
      for (const fd of descriptors) closeSync(fd);
    }
    this.#child.send();
  }

  /** In the order of runtime.md, "Lifecycle"; devices first, since hooks may configure them. */
  #runHooks(): void {
    const { config } = this.#supervision.context;
    const { pid } = this.#child;
    const state = ociState(this.#record, 'creating');
    try {
      moveNetDevices(config.linux?.netDevices ?? {}, { pid });
      runHooks('prestart', config.hooks?.prestart, state);
      runHooks('createRuntime', config.hooks?.createRuntime, state);
      runHooksInside('createContainer', config.hooks?.createContainer, state, pid);
    } catch (error) {
      killAndCollect(this.#child.pid);
      this.#supervision.runPoststop();
      throw error;
    }
  }

  /** The record is complete before the child is told to wait: a kill in between ends the child. */
  #findProgram(notice: Notice): void {
    const { process, config } = this.#supervision.context;
    const [rootFd = -1] = notice.descriptors;
    checkDevices(rootFd, config.linux?.devices ?? []);
    const reply = findFiles(notice, process);
    this.#record = { ...this.#record, complete: true };
    this.#supervision.save(this.#record);
    this.#child.send(reply);
  }

  #died(): RuntimeError {
    const status = waitForExit(this.#child.pid);
    const how = 'code' in status ? `exit status ${status.code}` : `signal ${status.signal}`;
    return new RuntimeError(
      'INIT_DIED',
      `container init died before it was ready (${how}); a memory limit below a few MB can be the cause`,
    );
  }
}
