/** Fills a program with the learner's operations, or has a real process run them. */
import {
  appendNamespaces,
  foreignNamespaces,
  kindOf,
  NO_CGROUPS,
  planNamespaces,
  type EnterTarget,
} from 'coracle/namespaces';
import type { LinuxNamespace } from 'coracle/oci';
import { pidfdOpen, SyscallProgram } from 'coracle/sys';
import { settle, type Outcome } from '../../../../tests/grader/learner/settle.ts';

interface Learner {
  appendEnter(program: SyscallProgram, target: EnterTarget): void;
}

type Type = LinuxNamespace['type'];

/** The target, with the kinds by their names. */
type Input = Omit<EnterTarget, 'kinds'> & { readonly kinds: readonly Type[] };

export function enter(learner: Learner, { kinds, ...target }: Input): SyscallProgram {
  const program = new SyscallProgram();
  learner.appendEnter(program, { ...target, kinds: kinds.map(kindOf) });
  return program;
}

/** A process makes namespaces of these types, another enters all in which it is elsewhere. */
export function enterAnother(
  learner: Learner,
  types: readonly Type[],
): { other: number; guest: Outcome } {
  const plan = planNamespaces(types.map((type) => ({ type })));
  const { pid: other = 0 } = settle((program, controlFd) => {
    appendNamespaces(program, plan, { controlFd, joinFds: [] });
  });
  const { fd: pidfd } = pidfdOpen(other);
  const kinds = foreignNamespaces(other);
  const guest = settle(
    (program, controlFd) => {
      learner.appendEnter(program, { pidfd, kinds, controlFd, cgroups: NO_CGROUPS });
    },
    [pidfd],
  );
  return { other, guest };
}
