/** A container as `state` and `list` print it: the specification's state, and runc's additions. */
import type { ContainerState } from 'coracle/runtime';

export type Listed = ReturnType<typeof listed>;

/** In the order that runc prints; a stopped container has PID 0. */
export function listed(state: ContainerState) {
  const { ociVersion, id, pid = 0, status, bundle, rootfs, created, annotations, owner } = state;
  return {
    ociVersion,
    id,
    pid,
    status,
    bundle,
    rootfs,
    created,
    ...(annotations !== undefined && { annotations }),
    owner,
  };
}
