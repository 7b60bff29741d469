/** What a runtime tells about a container (runtime.md, "State"). */

export const CONTAINER_STATUSES = ['creating', 'created', 'running', 'stopped'] as const;

/** `paused` is not in the specification, which allows more; runc and its callers use it. */
export type ContainerStatus = (typeof CONTAINER_STATUSES)[number] | 'paused';

/** runtime.md, "State": also what every hook reads. */
export interface State {
  ociVersion: string;
  id: string;
  status: ContainerStatus;
  /** On the host; must be there while created or running. */
  pid?: number;
  /** Absolute path of the bundle. */
  bundle: string;
  annotations?: Record<string, string>;
}

/** The name, in `fds`, of the seccomp notify descriptor. */
export const SECCOMP_FD_NAME = 'seccompFd';

/** config-linux.md, "The Container Process State": sent over `seccomp.listenerPath`. */
export interface ContainerProcessState {
  ociVersion: string;
  /** Names of the descriptors in SCM_RIGHTS, in their order. */
  fds: string[];
  /** As the runtime sees it. */
  pid: number;
  /** `seccomp.listenerMetadata`. */
  metadata?: string;
  state: State;
}
