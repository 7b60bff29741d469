/** Handing a seccomp listener to its agent (config-linux.md, "The Container Process State"). */
import {
  OCI_VERSION,
  SECCOMP_FD_NAME,
  type ContainerProcessState,
  type RuntimeConfig,
  type State,
} from '../oci/index.ts';
import {
  AF_UNIX,
  connectPath,
  type Descriptor,
  hasCode,
  pidfdGetfd,
  pidfdOpen,
  sendMessage,
  SOCK_STREAM,
  socket,
} from '../sys/index.ts';
import { messageOf } from '../base/index.ts';
import { RuntimeError } from './errors.ts';

/**
 * Takes the listener out of process `pid`, where it is descriptor `fd`, and sends it to the socket
 * `listenerPath` with the container's state.
 */
export function sendListener(config: RuntimeConfig, state: State, pid: number, fd: number): void {
  const { listenerPath = '', listenerMetadata } = config.linux?.seccomp ?? {};
  const processState: ContainerProcessState = {
    ociVersion: OCI_VERSION,
    fds: [SECCOMP_FD_NAME],
    pid,
    ...(listenerMetadata !== undefined && { metadata: listenerMetadata }),
    state,
  };
  using listener = takeListener(pid, fd);
  using connection = socket(AF_UNIX, SOCK_STREAM);
  try {
    connectPath(connection.fd, listenerPath);
    sendMessage(connection.fd, Buffer.from(JSON.stringify(processState)), [listener.fd]);
  } catch (error) {
    throw new RuntimeError(
      'SECCOMP_LISTENER',
      `cannot hand the seccomp listener to ${listenerPath}: ${messageOf(error)}; start the agent first`,
      { cause: error },
    );
  }
}

/** The descriptor appears when the child's seccomp(2) returns, which takes microseconds. */
function takeListener(pid: number, fd: number): Descriptor {
  using pidfd = pidfdOpen(pid);
  const deadline = Date.now() + 2000;
  for (;;) {
    try {
      return pidfdGetfd(pidfd.fd, fd);
    } catch (error) {
      if (!hasCode(error, 'EBADF') || Date.now() > deadline) throw error;
    }
  }
}
