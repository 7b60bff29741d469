/** What `create` and `run` take besides the container's name, from flags and environment. */
import { resolve } from 'node:path';
import type { RuntimeConfig } from 'coracle/oci';
import type { CreateOptions } from 'coracle/runtime';
import { containerId, type Call } from './command.ts';
import type { Flag } from './flags.ts';
import { inheritedDescriptors } from './descriptors.ts';
import { hostSocket, withNotifySocket } from './notify-socket.ts';

const BUNDLE: Flag = {
  name: 'bundle',
  short: 'b',
  kind: 'string',
  usage: 'path to the root of the bundle directory, defaults to the current directory',
};

export const CONSOLE_SOCKET: Flag = {
  name: 'console-socket',
  kind: 'string',
  usage:
    "path to an AF_UNIX socket which will receive a file descriptor referencing the master end of the console's pseudoterminal",
};

export const PIDFD_SOCKET: Flag = {
  name: 'pidfd-socket',
  kind: 'string',
  usage: 'path to an AF_UNIX socket which will receive a file descriptor referencing the process',
};

export const PID_FILE: Flag = {
  name: 'pid-file',
  kind: 'string',
  usage: 'specify the file to write the process id to',
};

export const PRESERVE_FDS: Flag = {
  name: 'preserve-fds',
  kind: 'whole',
  usage: 'Pass N additional file descriptors to the container (stdio + $LISTEN_FDS + N in total)',
  default: '0',
};

export const LAUNCH_FLAGS: readonly Flag[] = [
  BUNDLE,
  CONSOLE_SOCKET,
  PIDFD_SOCKET,
  PID_FILE,
  {
    name: 'no-pivot',
    kind: 'bool',
    usage:
      'do not use pivot root to jail process inside rootfs.  This should be used whenever the rootfs is on top of a ramdisk',
  },
  {
    name: 'no-new-keyring',
    kind: 'bool',
    usage:
      'do not create a new session keyring for the container.  This will cause the container to inherit the calling processes session key',
  },
  PRESERVE_FDS,
];

/** What the two commands say of themselves. */
export function launchDescription(verb: string): string {
  return `The ${verb} command creates an instance of a container for a bundle. The bundle
is a directory with a specification file named "config.json" and a root
filesystem.

The specification file includes an args parameter. The args parameter is used
to specify command(s) that get run when the container is started. To change the
command(s) that get executed on start, edit the args parameter of the spec. See
"coracle-runtime spec --help" for more explanation.`;
}

/** @throws CoracleError for a descriptor that is to be passed on and is not open. */
export function launchOptions(call: Call): CreateOptions {
  const { flags } = call;
  const pidFile = flags.string('pid-file');
  const consoleSocket = flags.string('console-socket');
  const { count, environment } = inheritedDescriptors(flags.whole('preserve-fds') ?? 0);
  return {
    id: containerId(call),
    bundle: resolve(flags.string('bundle') ?? '.'),
    noPivot: flags.bool('no-pivot'),
    noNewKeyring: flags.bool('no-new-keyring'),
    preserveFds: count,
    ...(call.rootless !== undefined && { rootlessCgroups: call.rootless }),
    amend: (config, directory) => {
      const amended = withEnvironment(config, environment);
      const notified = hostSocket(process.env) !== undefined;
      return notified ? withNotifySocket(amended, directory) : amended;
    },
    ...(pidFile !== undefined && { pidFile: resolve(pidFile) }),
    ...(consoleSocket !== undefined && { consoleSocket: resolve(consoleSocket) }),
  };
}

function withEnvironment(config: RuntimeConfig, environment: readonly string[]): RuntimeConfig {
  const { process: described } = config;
  if (described === undefined || environment.length === 0) return config;
  const env = [...(described.env ?? []), ...environment];
  return { ...config, process: { ...described, env } };
}
