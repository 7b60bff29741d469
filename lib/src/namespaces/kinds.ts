/**
 * The eight kinds of namespace (namespaces(7)): OCI's name, the kernel's flag, and the file in
 * `/proc/PID/ns` by which one is joined or kept alive.
 */
import type { LinuxNamespaceType } from '../oci/index.ts';
import {
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWTIME,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
} from '../sys/index.ts';

/** One kind of namespace, by its three names. */
export interface NamespaceKind {
  readonly type: LinuxNamespaceType;
  readonly flag: number;
  /** In `/proc/PID/ns/`: the namespace that the process itself is in. */
  readonly file: string;
}

/** All kinds; the user namespace first, since it decides who may make the others. */
export const NAMESPACE_KINDS: readonly NamespaceKind[] = [
  { type: 'user', flag: CLONE_NEWUSER, file: 'user' },
  { type: 'mount', flag: CLONE_NEWNS, file: 'mnt' },
  { type: 'uts', flag: CLONE_NEWUTS, file: 'uts' },
  { type: 'ipc', flag: CLONE_NEWIPC, file: 'ipc' },
  { type: 'network', flag: CLONE_NEWNET, file: 'net' },
  { type: 'pid', flag: CLONE_NEWPID, file: 'pid' },
  { type: 'cgroup', flag: CLONE_NEWCGROUP, file: 'cgroup' },
  { type: 'time', flag: CLONE_NEWTIME, file: 'time' },
];

/** The kind that OCI calls `type`. */
export function kindOf(type: LinuxNamespaceType): NamespaceKind {
  const kind = NAMESPACE_KINDS.find((candidate) => candidate.type === type);
  if (kind === undefined) throw new TypeError(`no namespace is called ${type}`);
  return kind;
}
