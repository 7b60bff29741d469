/**
 * Whose a version 2 cgroup is to be: config-linux.md, "Cgroup ownership".
 *
 * The program's user gets it if it sees nothing of the tree above (a cgroup namespace of its own)
 * and can use it at all (mounted read-write); otherwise it stays the host's.
 */
import { posix } from 'node:path';
import { creates, separates, type NamespacePlan } from '../namespaces/index.ts';
import type { RuntimeConfig } from '../oci/index.ts';

/** The host's id of the user who is to own the container's cgroup; none if nobody is. Pure. */
export function cgroupOwner(config: RuntimeConfig, namespaces: NamespacePlan): number | undefined {
  if (!creates(namespaces, 'cgroup') || !mountsWritable(config)) return undefined;
  const inside = config.process?.user.uid ?? 0;
  const { uidMappings = [] } = config.linux ?? {};
  if (!separates(namespaces, 'user')) return inside;
  // Of a user namespace that is joined by path the configuration has no mappings.
  const mapping = uidMappings.find(
    ({ containerID, size }) => inside >= containerID && inside < containerID + size,
  );
  return mapping && mapping.hostID + inside - mapping.containerID;
}

function mountsWritable({ mounts = [] }: RuntimeConfig): boolean {
  const last = mounts.findLast(
    ({ destination }) => posix.resolve('/', destination) === '/sys/fs/cgroup',
  );
  return last?.source === 'cgroup' && last.options?.includes('ro') !== true;
}
