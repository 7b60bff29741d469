/**
 * `exec`: a further process in a running container, a child of this process.
 *
 *     read the record → open what the child needs → program → spawn → supervise → PID
 */
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { openManager, readHost, type Cgroup, type CgroupManager } from '../cgroups/index.ts';
import {
  foreignNamespaces,
  ForkFollower,
  forksToEnter,
  NOTICE_CGROUP,
  openNamespace,
  type NamespaceKind,
  type CgroupPlaces,
} from '../namespaces/index.ts';
import type { Process } from '../oci/index.ts';
import {
  Descriptor,
  isHostRoot,
  killAndCollect,
  pidfdOpen,
  socketpair,
  spawnProgram,
  type Notice,
  type ProgramProcess,
} from '../sys/index.ts';
import { NOTICE } from './context.ts';
import { BY_PARENT, planJoin } from './cgroup-join.ts';
import { RuntimeError } from './errors.ts';
import { checkLabels, withLabelsOf } from './labels.ts';
import { startError } from './start-error.ts';
import { findFiles } from './lookup.ts';
import { sendListener } from './notify.ts';
import { writePidFile } from './pid-file.ts';
import { connectConsole, inspectStreams } from './prepare.ts';
import { buildExecProgram, keptDescriptors, type ExecContext } from './program/exec.ts';
import { compileSeccomp } from './seccomp/index.ts';
import { ociState } from './state/oci-state.ts';
import { statusOf } from './state/status.ts';
import type { ContainerRecord, Store } from './state/store.ts';

/** What `exec` is asked for. */
export interface ExecOptions {
  readonly id: string;
  readonly process: Process;
  /** A Unix socket that gets the terminal's master; needed with `process.terminal`. */
  readonly consoleSocket?: string;
  /** Where to write the PID, as text. */
  readonly pidFile?: string;
  readonly preserveFds?: number;
  readonly stdio?: readonly [number, number, number];
  /** Do not refuse a paused container: the process stands still until it is resumed. */
  readonly ignorePaused?: boolean;
  /**
   * Cgroups below the container's own: one for all hierarchies, such as `/sub`, or one for each of
   * some controllers, such as `cpu,cpuacct:/sub`.
   */
  readonly cgroups?: readonly string[];
}

/** Starts the process; returns its PID as the host sees it. */
export function execInContainer(store: Store, options: ExecOptions): number {
  const record = store.read(options.id);
  checkStatus(store, record, options.ignorePaused === true);
  const pid = record.init?.pid ?? 0;
  using open = new DisposableStack();
  const [control, childControl] = socketpair();
  open.use(control);
  open.use(childControl);
  const manager = openManager(readHost(), record);
  const context = gather(store, record, manager, options, pid, childControl.fd, open);
  const program = buildExecProgram(context);
  const child = spawnProgram(program, {
    control,
    childControl,
    keep: keptDescriptors(context),
    name: 'coracle-exec',
  });
  try {
    const admit = (): void => manager.admit(child.pid, belowOf(options.cgroups));
    supervise(child, context, record, admit);
    writePidFile(options.pidFile, child.pid);
    return child.pid;
  } catch (error) {
    killAndCollect(child.pid);
    throw startError(error, context.process);
  }
}

function checkStatus(store: Store, record: ContainerRecord, ignorePaused: boolean): void {
  const status = statusOf(store, record, readHost());
  if (status === 'stopped' || status === 'creating') {
    throw new RuntimeError('CONTAINER_STATUS', `cannot exec in a ${status} container`);
  }
  if (status === 'paused' && !ignorePaused) {
    throw new RuntimeError('CONTAINER_STATUS', 'cannot exec in a paused container');
  }
}

function gather(
  store: Store,
  record: ContainerRecord,
  manager: CgroupManager,
  options: ExecOptions,
  pid: number,
  controlFd: number,
  open: DisposableStack,
): ExecContext {
  const { consoleSocket, stdio = [0, 1, 2] } = options;
  const process = withLabelsOf(record.config.process, options.process);
  checkLabels({ process });
  const pidfd = open.use(pidfdOpen(pid));
  const root = record.noPivot
    ? open.use(new Descriptor(openSync(`/proc/${pid}/root`, 'r')))
    : undefined;
  const console = consoleSocket === undefined ? undefined : open.use(connectConsole(consoleSocket));
  const { seccomp, personality } = record.config.linux ?? {};
  const kinds = foreignNamespaces(pid);
  const entersUser = kinds.some(({ type }) => type === 'user');
  return {
    process,
    pidfd: pidfd.fd,
    rootFd: root?.fd,
    kinds,
    cgroupNamespaceFd: openCgroupNamespace(pid, kinds, open),
    controlFd,
    consoleFd: console?.fd,
    stdio,
    stdioKinds: inspectStreams(stdio, process.user.uid, false),
    preserveFds: options.preserveFds ?? 0,
    cgroups: placesIn(manager, pid, options.cgroups, !entersUser),
    seccomp:
      seccomp === undefined
        ? undefined
        : compileSeccomp(seccomp, { cacheDirectory: join(store.root, '.seccomp') }),
    personality,
    rootless: !isHostRoot(),
  };
}

function placesIn(
  { cgroup, admits }: CgroupManager,
  init: number,
  below: readonly string[] | undefined,
  mayBeBorn: boolean,
): CgroupPlaces {
  if (admits === 'every process') return BY_PARENT;
  return planJoin(cgroupFiles(cgroup, init, below), mayBeBorn);
}

function openCgroupNamespace(
  pid: number,
  kinds: readonly NamespaceKind[],
  open: DisposableStack,
): number | undefined {
  if (!kinds.some(({ type }) => type === 'cgroup')) return undefined;
  return open.use(openNamespace(`/proc/${pid}/ns/cgroup`, 'cgroup')).fd;
}

/** The files of the cgroups that `--cgroup` names, and of the container's own for the others. */
function cgroupFiles(cgroup: Cgroup, init: number, below: readonly string[] = []): string[] {
  if (below.length === 0) return cgroup.joinFiles(init);
  return cgroup.joinFiles().map((file) => {
    const chosen = below.find((place) => concerns(place, file));
    if (chosen === undefined) return file;
    const path = chosen.slice(chosen.indexOf(':') + 1);
    return join(file, '..', path, file.slice(file.lastIndexOf('/') + 1));
  });
}

/** `--cgroup` in the one hierarchy there is with systemd. */
function belowOf(cgroups: readonly string[] = []): string {
  const [place = ''] = cgroups;
  return place.slice(place.indexOf(':') + 1);
}

function concerns(place: string, file: string): boolean {
  const colon = place.indexOf(':');
  if (colon < 0) return true;
  const controllers = place.slice(0, colon).split(',');
  return controllers.some((name) => file.includes(`/${name}/`));
}

function forks({ kinds, cgroups }: ExecContext): boolean {
  return cgroups.into !== undefined || forksToEnter(kinds);
}

function supervise(
  child: ProgramProcess,
  context: ExecContext,
  record: ContainerRecord,
  admit: () => void,
): void {
  const follower = new ForkFollower(child, forks(context));
  for (let notice = follower.receive(); notice !== undefined; notice = follower.receive()) {
    if (notice.tag !== NOTICE_CGROUP) answer(child, notice, context, record);
    else {
      admit();
      child.send();
    }
  }
}

function answer(
  child: ProgramProcess,
  notice: Notice,
  context: ExecContext,
  record: ContainerRecord,
): void {
  switch (notice.tag) {
    case NOTICE.ready:
      child.send(findFiles(notice, context.process));
      return;
    case NOTICE.listener:
      sendListener(record.config, ociState(record, 'running'), child.pid, notice.value);
      break;
    default:
  }
}
