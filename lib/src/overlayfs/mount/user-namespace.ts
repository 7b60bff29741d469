/** A user namespace that nobody lives in, kept by its descriptor: the mapping of an idmapped mount. */
import { openSync, writeFileSync } from 'node:fs';
import type { LinuxIdMapping } from '../../oci/index.ts';
import {
  CLONE_NEWUSER,
  Descriptor,
  notify,
  socketpair,
  space,
  spawnProgram,
  SyscallProgram,
} from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';

/**
 * Makes a user namespace with these mappings (user_namespaces(7)); needs root.
 *
 * A child enters the namespace and waits; this process writes its mappings, opens the namespace
 * and lets the child end. For an idmapped mount, `containerID` is the owner on disk and `hostID`
 * the owner that is seen.
 *
 * @throws OverlayError OVERLAY_BAD_REQUEST for a mapping that the kernel refuses.
 */
export function openUserNamespace(
  uids: readonly LinuxIdMapping[],
  gids: readonly LinuxIdMapping[],
): Descriptor {
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  program.call('unshare', [CLONE_NEWUSER]);
  notify(program, childControl.fd, 1);
  program.call('read', [childControl.fd, space(8), 8]);
  program.call('exit_group', [0]);
  using child = spawnProgram(program, { control, childControl, keep: [], name: 'user-namespace' });
  try {
    child.receive();
    writeMapping(`/proc/${child.pid}/uid_map`, uids);
    writeMapping(`/proc/${child.pid}/gid_map`, gids);
    return new Descriptor(openSync(`/proc/${child.pid}/ns/user`, 'r'));
  } finally {
    child.send();
    child.wait();
  }
}

function writeMapping(file: string, mappings: readonly LinuxIdMapping[]): void {
  const lines = mappings.map(({ containerID, hostID, size }) => `${containerID} ${hostID} ${size}`);
  try {
    writeFileSync(file, `${lines.join('\n')}\n`);
  } catch (error) {
    throw new OverlayError(
      'OVERLAY_BAD_REQUEST',
      `the kernel takes no mapping "${lines.join(', ')}" in ${file}: sizes must be above 0, ranges ` +
        'must not overlap, and only root may map others than itself',
      { cause: error },
    );
  }
}
