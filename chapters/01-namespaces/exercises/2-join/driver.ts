/** Fills a program with the learner's joins, or has a real process make them. */
import {
  appendUnshare,
  appendUserNamespace,
  kindOf,
  openNamespace,
  planNamespaces,
  type NamespacePlan,
} from 'coracle/namespaces';
import type { LinuxNamespace } from 'coracle/oci';
import { SyscallProgram } from 'coracle/sys';
import { settle, type Append, type Outcome } from '../../../../tests/grader/learner/settle.ts';

interface Learner {
  appendJoins(
    program: SyscallProgram,
    plan: NamespacePlan,
    joinFds: readonly number[],
    userFirst: boolean,
  ): void;
}

interface Input {
  readonly list: readonly LinuxNamespace[];
  readonly joinFds: readonly number[];
  readonly userFirst: boolean;
}

export function joins(learner: Learner, { list, joinFds, userFirst }: Input): SyscallProgram {
  const program = new SyscallProgram();
  learner.appendJoins(program, planNamespaces(list), joinFds, userFirst);
  return program;
}

/** A process makes new namespaces of these types, another joins them. */
export function joinAnother(
  learner: Learner,
  types: readonly LinuxNamespace['type'][],
): { other: number; joined: Outcome } {
  const { pid: other = 0 } = settle(makeNew(types));
  const list = types.map((type) => ({ type, path: `/proc/${other}/ns/${kindOf(type).file}` }));
  const plan = planNamespaces(list);
  const open = plan.join.map(({ path, kind }) => openNamespace(path, kind.type));
  const joinFds = open.map(({ fd }) => fd);
  const joined = settle((program) => learner.appendJoins(program, plan, joinFds, false), joinFds);
  return { other, joined };
}

/** The user namespace last, so that the others belong to the host's. */
function makeNew(types: readonly LinuxNamespace['type'][]): Append {
  return (program, controlFd) => {
    appendUnshare(program, types.filter((type) => type !== 'user').map(kindOf));
    if (types.includes('user')) appendUserNamespace(program, controlFd);
  };
}
