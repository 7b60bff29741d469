/** A container's state as the specification writes it (runtime.md, "State"). */
import { readFileSync } from 'node:fs';
import { OCI_VERSION, type ContainerStatus, type State } from '../../oci/index.ts';
import type { ContainerRecord } from './store.ts';

/** What hooks get on stdin and `state` prints. A stopped container has no PID. */
export function ociState(record: ContainerRecord, status: ContainerStatus): State {
  const { id, bundle, init, config } = record;
  const pid = status === 'stopped' ? undefined : init?.pid;
  return {
    ociVersion: OCI_VERSION,
    id,
    status,
    ...(pid !== undefined && { pid }),
    bundle,
    ...(config.annotations !== undefined && { annotations: config.annotations }),
  };
}

/** The host's name for a user (passwd(5)), or the number. */
export function userName(uid: number): string {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const fields = line.split(':');
    if (fields[2] === String(uid)) return fields[0] ?? String(uid);
  }
  return String(uid);
}
