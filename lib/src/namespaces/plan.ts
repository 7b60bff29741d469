/** What is to become of each kind of namespace; `planNamespaces` (parts/plan.ts) makes it. */
import type { LinuxNamespaceType } from '../oci/index.ts';
import type { CgroupPlaces } from './cgroups.ts';
import type { NamespaceKind } from './kinds.ts';

/** What becomes of each kind: a new one, somebody else's by path, or (neither) the caller's own. */
export interface NamespacePlan {
  readonly create: readonly NamespaceKind[];
  readonly join: readonly NamespaceJoin[];
  /**
   * A PID or time namespace holds only children born after unshare(2) or setns(2), so the process
   * that made it must fork.
   */
  readonly mustFork: boolean;
}

/** A namespace that somebody else has made, and that is entered by its file. */
export interface NamespaceJoin {
  readonly kind: NamespaceKind;
  readonly path: string;
  /** Where config.json asks for it, as a JSON pointer: `/linux/namespaces/INDEX/path`. */
  readonly source: string;
}

/** Whether the plan makes a new namespace of this kind. */
export function creates(plan: NamespacePlan, type: LinuxNamespaceType): boolean {
  return plan.create.some((kind) => kind.type === type);
}

/** Whether the container has a namespace of this kind that is not the host's. */
export function separates(plan: NamespacePlan, type: LinuxNamespaceType): boolean {
  return creates(plan, type) || plan.join.some((entry) => entry.kind.type === type);
}

/** Whether the program replaces its process by a child, and so sends `NOTICE_FORKED`. */
export function mustFork(plan: NamespacePlan, { into }: CgroupPlaces): boolean {
  return plan.mustFork || into !== undefined;
}
