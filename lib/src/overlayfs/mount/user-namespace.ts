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

/**
 * Makes a user namespace with these mappings (user_namespaces(7)); needs root.
 *
 * A child enters the namespace and waits; this process writes its mappings, opens the namespace
 * and lets the child end. For an idmapped mount, `containerID` is the owner on disk and `hostID`
 * the owner that is seen.
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
    const directory = `/proc/${child.pid}`;
    writeFileSync(`${directory}/uid_map`, mappingLines(uids));
    writeFileSync(`${directory}/gid_map`, mappingLines(gids));
    return new Descriptor(openSync(`${directory}/ns/user`, 'r'));
  } finally {
    child.send();
    child.wait();
  }
}

function mappingLines(mappings: readonly LinuxIdMapping[]): string {
  return mappings
    .map(({ containerID, hostID, size }) => `${containerID} ${hostID} ${size}\n`)
    .join('');
}
