import type { LinuxNamespace, LinuxNamespaceType, LinuxTimeOffsets } from '../oci/index.ts';
import { kindOf, NAMESPACE_KINDS, type NamespaceKind } from './kinds.ts';

/** What becomes of each kind: a new one, somebody else's by path, or (neither) the caller's own. */
export interface NamespacePlan {
  readonly create: readonly NamespaceKind[];
  readonly join: readonly {
    readonly kind: NamespaceKind;
    readonly path: string;
    readonly source: string;
  }[];
  /**
   * A PID or time namespace holds only children born after unshare(2) or setns(2), so the process
   * that made it must fork.
   */
  readonly mustFork: boolean;
}

/** Sorts `linux.namespaces` of a config (config-linux.md, "Namespaces"). Pure. */
export function planNamespaces(namespaces: readonly LinuxNamespace[]): NamespacePlan {
  const wanted = new Map(namespaces.map((entry, index) => [entry.type, { ...entry, index }]));
  const create: NamespaceKind[] = [];
  const join: { kind: NamespaceKind; path: string; source: string }[] = [];
  for (const kind of NAMESPACE_KINDS) {
    const entry = wanted.get(kind.type);
    if (entry === undefined) continue;
    if (entry.path === undefined || entry.path === '') create.push(kind);
    else join.push({ kind, path: entry.path, source: `/linux/namespaces/${entry.index}/path` });
  }
  const touched = [...create, ...join.map((entry) => entry.kind)];
  return { create, join, mustFork: touched.some(({ type }) => type === 'pid' || type === 'time') };
}

/** Whether the plan makes a new namespace of this kind. */
export function creates(plan: NamespacePlan, type: LinuxNamespaceType): boolean {
  return plan.create.includes(kindOf(type));
}

/** Whether the container has a namespace of this kind that is not the host's. */
export function separates(plan: NamespacePlan, type: LinuxNamespaceType): boolean {
  return creates(plan, type) || plan.join.some((entry) => entry.kind.type === type);
}

/** The text for `/proc/self/timens_offsets` (time_namespaces(7)): `monotonic 86400 0`. */
export function timeOffsetsText(offsets: LinuxTimeOffsets): string {
  return Object.entries(offsets)
    .map(([clock, { secs = 0, nanosecs = 0 }]) => `${clock} ${secs} ${nanosecs}\n`)
    .join('');
}
