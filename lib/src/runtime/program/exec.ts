/**
 * The program of a further process in a running container (`exec`).
 *
 *     close · signals · labels · cgroups · enter namespaces · [fork] → terminal → working directory
 *     → user · capabilities → (ready) → seccomp · execve
 */
import { appendLaunch } from '#parts/runtime/launch.ts';
import type { CgroupPlaces, NamespaceKind } from '../../namespaces/index.ts';
import { appendEnter } from '../../namespaces/index.ts';
import type { LinuxPersonality, Process } from '../../oci/index.ts';
import { AT_FDCWD, O_PATH, SyscallProgram } from '../../sys/index.ts';
import type { CompiledSeccomp } from '../seccomp/index.ts';
import { appendLabels } from './labels.ts';
import {
  appendAffinity,
  appendIoPriority,
  appendPersonality,
  appendRlimits,
  appendScheduler,
} from './limits.ts';
import {
  appendCloseOthers,
  appendDefaultSignals,
  appendDumpable,
  appendNoUmask,
  appendOomScore,
} from './prologue.ts';
import { appendOwnStreams, appendStreams, appendTerminal, type Streams } from './streams.ts';

/** What the steps of the program need to know. */
export interface ExecContext extends Streams {
  readonly process: Process;
  readonly pidfd: number;
  /** A descriptor of the container's root, where pivot_root(2) did not make it the namespace's. */
  readonly rootFd: number | undefined;
  readonly kinds: readonly NamespaceKind[];
  /** The container's cgroup namespace, if it has one of its own. */
  readonly cgroupNamespaceFd: number | undefined;
  readonly controlFd: number;
  readonly consoleFd: number | undefined;
  readonly preserveFds: number;
  readonly cgroups: CgroupPlaces;
  readonly seccomp: CompiledSeccomp | undefined;
  readonly personality: LinuxPersonality | undefined;
  /** The runtime is not root of the machine, although it may be root of a user namespace. */
  readonly rootless: boolean;
}

/** Builds the whole program; pure, given the context. */
export function buildExecProgram(context: ExecContext): SyscallProgram {
  const program = new SyscallProgram();
  const { process, controlFd } = context;
  appendCloseOthers(program, keptDescriptors(context));
  appendStreams(program, context);
  appendDefaultSignals(program);
  appendOomScore(program, process.oomScoreAdj, context.rootless);
  appendLabels(program, process);
  appendDumpable(program, false);
  appendNoUmask(program);
  const { initial, final } = process.execCPUAffinity ?? {};
  // The initial set is in force while the process still moves into the container's cpuset.
  if (initial !== undefined) appendAffinity(program, initial, '/process/execCPUAffinity/initial');
  appendRlimits(program, process.rlimits ?? []);
  const { pidfd, kinds, cgroups, cgroupNamespaceFd } = context;
  appendEnter(program, { pidfd, kinds, controlFd, cgroups, cgroupNamespaceFd });
  if (final !== undefined) appendAffinity(program, final, '/process/execCPUAffinity/final');
  program.call('setsid', []);
  appendRoot(program, context);
  appendExecStreams(program, context);
  appendScheduler(program, process.scheduler);
  appendIoPriority(program, process.ioPriority);
  appendPersonality(program, context.personality);
  appendLaunch(program, process, {
    controlFd,
    preserveFds: context.preserveFds,
    createCwd: false,
    mayBeDenied: context.rootless || kinds.some(({ type }) => type === 'user'),
    seccomp: context.seccomp,
  });
  return program;
}

/** Everything that the child uses until execve. */
export function keptDescriptors(context: ExecContext): number[] {
  const preserved = Array.from({ length: context.preserveFds }, (_, index) => 3 + index);
  const { consoleFd, rootFd, cgroupNamespaceFd, stdio, pidfd, controlFd } = context;
  const optional = [consoleFd, rootFd, cgroupNamespaceFd].filter((fd) => fd !== undefined);
  return [...stdio, ...preserved, ...optional, pidfd, controlFd];
}

/** A container made with `--no-pivot` has its root as a chroot(2) only. */
function appendRoot(program: SyscallProgram, { rootFd }: ExecContext): void {
  if (rootFd === undefined) return;
  program.call('fchdir', [rootFd]);
  program.call('chroot', ['.']);
}

function appendExecStreams(program: SyscallProgram, context: ExecContext): void {
  const { process, consoleFd } = context;
  if (process.terminal !== true || consoleFd === undefined) {
    appendOwnStreams(program, context, process);
    return;
  }
  const root = program.call('openat', [AT_FDCWD, '/', O_PATH, 0]);
  appendTerminal(program, { process, root, ownPts: true, consoleFd, console: false });
  program.call('close', [root]);
}
