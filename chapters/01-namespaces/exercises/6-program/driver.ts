/** Fills a program with the learner's operations, or has a real process run them. */
import {
  appendUnshare,
  kindOf,
  openNamespace,
  planNamespaces,
  type NamespacePlan,
  type NamespaceProgramOptions,
} from 'coracle/namespaces';
import type { LinuxNamespace, LinuxTimeOffsets } from 'coracle/oci';
import { SyscallProgram } from 'coracle/sys';
import { settle, type Outcome } from '../../../../tests/grader/learner/settle.ts';

interface Learner {
  appendNamespaces(
    program: SyscallProgram,
    plan: NamespacePlan,
    options: NamespaceProgramOptions,
  ): void;
}

interface Input {
  readonly list: readonly LinuxNamespace[];
  readonly options: NamespaceProgramOptions;
}

interface Wanted {
  readonly list: readonly LinuxNamespace[];
  readonly timeOffsets: LinuxTimeOffsets;
}

export function namespaces(learner: Learner, { list, options }: Input): SyscallProgram {
  const program = new SyscallProgram();
  learner.appendNamespaces(program, planNamespaces(list), options);
  return program;
}

/** A process goes there, and names its host: which only the owner of the uts namespace may do. */
export function inhabit(learner: Learner, { list, timeOffsets }: Wanted): Outcome {
  return settle((program, controlFd) => {
    const options = { controlFd, joinFds: [], timeOffsets };
    learner.appendNamespaces(program, planNamespaces(list), options);
    program.call('sethostname', ['inside', 6]);
  });
}

/** A process has a network of its own; another joins that, and makes all that is in `list`. */
export function share(
  learner: Learner,
  list: readonly LinuxNamespace[],
): { other: number; joined: Outcome } {
  const { pid: other = 0 } = settle((program) => appendUnshare(program, [kindOf('network')]));
  const path = `/proc/${other}/ns/net`;
  const { fd } = openNamespace(path, 'network');
  const plan = planNamespaces([{ type: 'network', path }, ...list]);
  const joined = settle(
    (program, controlFd) => learner.appendNamespaces(program, plan, { controlFd, joinFds: [fd] }),
    [fd],
  );
  return { other, joined };
}
