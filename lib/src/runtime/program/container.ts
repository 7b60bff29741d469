/**
 * The program of a container's first process, step by step.
 *
 *     close · signals · labels · cgroups · namespaces · [fork]
 *     → root filesystem · mounts · devices · terminal → (hooks) → masks · pivot_root
 *     → working directory · user · capabilities → (ready) → (started) → seccomp · execve
 *
 * In parentheses: the child waits for the parent. Each step is a file of this folder.
 */
import { posix } from 'node:path';
import { appendLaunch } from '#parts/runtime/launch.ts';
import { appendMaskedPaths, appendReadonlyPaths } from '#parts/runtime/masks.ts';
import { appendNamespaces, creates, separates } from '../../namespaces/index.ts';
import type { Process } from '../../oci/index.ts';
import {
  KEYCTL_JOIN_SESSION_KEYRING,
  notify,
  O_CLOEXEC,
  space,
  SyscallProgram,
  type Argument,
} from '../../sys/index.ts';
import { NOTICE, type Context } from '../context.ts';
import { appendLoopbackUp } from '../loopback.ts';
import { appendDevices } from './devices.ts';
import { appendReady } from './execute.ts';
import {
  appendIoPriority,
  appendMemoryPolicy,
  appendPersonality,
  appendRlimits,
  appendScheduler,
} from './limits.ts';
import { appendLabels } from './labels.ts';
import { appendMount } from './mount.ts';
import {
  appendCloseOthers,
  appendDefaultSignals,
  appendDumpable,
  appendNoUmask,
  appendOomScore,
} from './prologue.ts';
import { appendChangeRoot, appendReadonlyRoot, appendRootfs } from './root.ts';
import { appendOwnStreams, appendStreams, appendTerminal } from './streams.ts';
import { appendSysctls } from './sysctls.ts';

/** Builds the whole program; pure, given the context. */
export function buildContainerProgram(context: Context): SyscallProgram {
  const program = new SyscallProgram();
  appendPrologue(program, context);
  appendIsolation(program, context);
  const root = appendFilesystems(program, context);
  appendHookPoint(program, context);
  appendEnterRoot(program, context, root);
  appendProcess(program, context);
  return program;
}

function appendPrologue(program: SyscallProgram, context: Context): void {
  const { process, rootless } = context;
  appendCloseOthers(program, keptDescriptors(context));
  // Before anything is opened that could get one of the numbers 0 to 2.
  appendStreams(program, context);
  appendDefaultSignals(program);
  appendOomScore(program, process?.oomScoreAdj, rootless);
  appendLabels(program, process);
  appendDumpable(program, false);
  appendNoUmask(program);
  // The limits are raised with the host's rights, which a new user namespace ends.
  if (creates(context.namespaces, 'user')) appendRlimits(program, process?.rlimits ?? []);
}

/** Everything that the child uses until execve. */
export function keptDescriptors(context: Context): number[] {
  const preserved = Array.from({ length: context.preserveFds }, (_, index) => 3 + index);
  const usernsFds = [...context.sources.values()].flatMap(({ usernsFd }) => usernsFd ?? []);
  const console = context.consoleFd === undefined ? [] : [context.consoleFd];
  const { stdio, joinFds, controlFd, startFd } = context;
  return [...stdio, ...preserved, ...joinFds, ...usernsFds, ...console, controlFd, startFd];
}

function appendIsolation(program: SyscallProgram, context: Context): void {
  const { config, namespaces, controlFd, joinFds, userFirst } = context;
  const timeOffsets = config.linux?.timeOffsets;
  appendNamespaces(program, namespaces, {
    controlFd,
    joinFds,
    userFirst,
    ...(timeOffsets !== undefined && { timeOffsets }),
    cgroups: context.cgroups,
  });
  program.call('setsid', []);
  if (!context.noNewKeyring) {
    program.call('keyctl', [KEYCTL_JOIN_SESSION_KEYRING, `_ses.${context.id}`], {
      tolerate: 'any',
    });
  }
  if (creates(namespaces, 'network')) appendLoopbackUp(program);
  appendNames(program, context);
}

function appendNames(program: SyscallProgram, { config }: Context): void {
  const { hostname, domainname } = config;
  if (hostname !== undefined && hostname !== '') {
    program.call('sethostname', [hostname, Buffer.byteLength(hostname)], { source: '/hostname' });
  }
  if (domainname !== undefined && domainname !== '') {
    program.call('setdomainname', [domainname, Buffer.byteLength(domainname)], {
      source: '/domainname',
    });
  }
}

function appendFilesystems(program: SyscallProgram, context: Context): Argument {
  const root = appendRootfs(program, context);
  const mounts = context.config.mounts ?? [];
  for (const [index, mount] of mounts.entries()) appendMount(program, context, root, mount, index);
  if (separates(context.namespaces, 'mount')) appendDevices(program, context, root);
  const { process, consoleFd } = context;
  if (process?.terminal === true && consoleFd !== undefined) {
    const ownPts = mounts.some(({ destination }) => posix.resolve('/', destination) === '/dev/pts');
    appendTerminal(program, { process, root, ownPts, consoleFd, console: true });
  }
  return root;
}

/** Hooks see the mounts, and still the host's root (runtime.md, "Lifecycle"). */
function appendHookPoint(program: SyscallProgram, context: Context): void {
  if (!context.waitsForHooks) return;
  program.from('/hooks', () => appendWaitOpenToHooks(program, context, NOTICE.hooks));
}

/**
 * Waits for the parent, whose hooks may have to enter this process's namespaces.
 *
 * The kernel lets a user enter those of a dumpable process only (ptrace(2), "Ptrace access mode
 * checking"). For that moment it is one, provided that the container cannot look into it: a new PID
 * namespace has nobody else.
 */
function appendWaitOpenToHooks(program: SyscallProgram, context: Context, notice: number): void {
  const { controlFd, userFirst, namespaces, config } = context;
  const hooks = notice === NOTICE.hooks || (config.hooks?.startContainer ?? []).length > 0;
  const opens = hooks && userFirst && creates(namespaces, 'pid');
  if (opens) appendDumpable(program, true);
  notify(program, controlFd, notice);
  program.call('read', [controlFd, space(8), 8], { zeroIsFailure: true });
  if (opens) appendDumpable(program, false);
}

function appendEnterRoot(program: SyscallProgram, context: Context, root: Argument): void {
  const { linux = {} } = context.config;
  appendSysctls(program, linux.sysctl ?? {});
  appendReadonlyPaths(program, root, linux.readonlyPaths ?? []);
  appendMaskedPaths(program, root, linux.maskedPaths ?? []);
  appendReadonlyRoot(program, context, root);
  appendChangeRoot(program, context, root);
}

function appendProcess(program: SyscallProgram, context: Context): void {
  const { process, config, controlFd } = context;
  if (process === undefined) {
    appendReady(program, controlFd);
    appendWaitForStart(program, context);
    program.call('exit_group', [0]);
    return;
  }
  appendOwnStreamsUnlessTerminal(program, context, process);
  appendScheduler(program, process.scheduler);
  appendIoPriority(program, process.ioPriority);
  appendPersonality(program, config.linux?.personality);
  appendMemoryPolicy(program, config.linux?.memoryPolicy);
  if (!creates(context.namespaces, 'user')) appendRlimits(program, process.rlimits ?? []);
  appendLaunch(program, process, {
    controlFd,
    preserveFds: context.preserveFds,
    createCwd: true,
    mayBeDenied: context.rootless || separates(context.namespaces, 'user'),
    seccomp: context.seccomp,
    waitForStart: () => appendWaitForStart(program, context),
  });
}

function appendOwnStreamsUnlessTerminal(
  program: SyscallProgram,
  context: Context,
  process: Process,
): void {
  if (process.terminal !== true) appendOwnStreams(program, context, process);
}

/**
 * Blocks until `start` connects. Its connection takes the control socket's place, so that `start`
 * hears what becomes of the rest: a failure, or the end of the stream when execve succeeds.
 */
function appendWaitForStart(program: SyscallProgram, context: Context): void {
  const { controlFd, startFd } = context;
  program.from('start', () => {
    const connection = program.call('accept4', [startFd, null, null, O_CLOEXEC]);
    program.call('dup3', [connection, controlFd, O_CLOEXEC]);
    program.call('close', [connection]);
    program.call('close', [startFd]);
    appendWaitOpenToHooks(program, context, NOTICE.started);
  });
}
