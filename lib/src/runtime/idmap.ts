/**
 * A user namespace that serves as an id mapping (mount_setattr(2), MOUNT_ATTR_IDMAP): a process
 * makes it, the parent maps it and keeps a descriptor, and the process goes away.
 */
import { openSync } from 'node:fs';
import {
  appendNamespaces,
  NOTICE_MAPPINGS,
  planNamespaces,
  writeIdMappings,
} from '../namespaces/index.ts';
import type { LinuxIdMapping } from '../oci/index.ts';
import { Descriptor, socketpair, spawnProgram, SyscallProgram, waitForExit } from '../sys/index.ts';
import { RuntimeError } from './errors.ts';

/** @throws NamespaceError if the mappings are refused. */
export function openIdMap(mappings: {
  readonly uid: readonly LinuxIdMapping[];
  readonly gid: readonly LinuxIdMapping[];
}): Descriptor {
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  const plan = planNamespaces([{ type: 'user' }]);
  appendNamespaces(program, plan, { controlFd: childControl.fd, joinFds: [] });
  program.call('exit_group', [0]);
  const child = spawnProgram(program, { childControl, control, keep: [], name: 'coracle-idmap' });
  try {
    if (child.receive()?.tag !== NOTICE_MAPPINGS) {
      throw new RuntimeError('IDMAP', 'the process that makes the id mapping has died; try again');
    }
    writeIdMappings(child.pid, mappings);
    return new Descriptor(openSync(`/proc/${child.pid}/ns/user`, 'r'));
  } finally {
    // Closing the control socket lets the child go.
    child[Symbol.dispose]();
    waitForExit(child.pid);
  }
}
