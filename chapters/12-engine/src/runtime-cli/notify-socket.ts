/**
 * sd_notify(3) for a service manager above us: a socket of our own in the container, whose first
 * `READY=1` goes on to `$NOTIFY_SOCKET`, followed by the container's PID.
 *
 * Life cycle: `create` mounts the socket's directory into the container → `start` (or `run`) listens
 * there → the container is ready → READY, MAINPID → done. The directory is the container's state
 * directory, so it goes when the container goes.
 */
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RuntimeConfig } from 'coracle/oci';
import {
  AF_UNIX,
  bindPath,
  connectPath,
  type Descriptor,
  receiveMessage,
  sendMessage,
  SOCK_DGRAM,
  socket,
  waitReadable,
} from 'coracle/sys';

/** Where the container finds it. */
const INSIDE = '/run/notify/notify.sock';

/** The socket's path in a container's state directory. */
function socketPath(directory: string): string {
  return join(directory, 'notify', 'notify.sock');
}

/** Lets the container see the socket, and tells it where. */
export function withNotifySocket(config: RuntimeConfig, directory: string): RuntimeConfig {
  const source = dirname(socketPath(directory));
  mkdirSync(source, { mode: 0o755 });
  const mount = {
    destination: dirname(INSIDE),
    type: 'bind',
    source,
    options: ['bind', 'nosuid', 'noexec', 'nodev', 'ro'],
  };
  const { process, mounts = [] } = config;
  if (process === undefined) return config;
  const env = [...(process.env ?? []), `NOTIFY_SOCKET=${INSIDE}`];
  return { ...config, mounts: [...mounts, mount], process: { ...process, env } };
}

/** Listens for a container that was created with the socket; `undefined` for one that was not. */
export function listenForReady(directory: string): Descriptor | undefined {
  const path = socketPath(directory);
  if (!existsSync(dirname(path))) return undefined;
  rmSync(path, { force: true });
  const listener = socket(AF_UNIX, SOCK_DGRAM);
  bindPath(listener.fd, path);
  // The container's user need not be ours.
  chmodSync(path, 0o777);
  return listener;
}

/** Milliseconds between two looks at the container. */
const PATIENCE = 100;

/** Waits until the container is ready; `false` when it has ended first. */
export function awaitReady(listener: Descriptor, alive: () => boolean): boolean {
  for (;;) {
    if (waitReadable(listener.fd, PATIENCE)) {
      if (takeReady(listener)) return true;
    } else if (!alive()) return false;
  }
}

/** The same without standing still; the function that it returns ends the waiting. */
export function whenReady(listener: Descriptor, ready: () => void): () => void {
  const timer = setInterval(() => {
    if (!waitReadable(listener.fd, 0) || !takeReady(listener)) return;
    clearInterval(timer);
    ready();
  }, PATIENCE);
  return () => clearInterval(timer);
}

/** Takes the message that is there, and says whether it is the one. */
function takeReady(listener: Descriptor): boolean {
  const { data } = receiveMessage(listener.fd, 4096);
  return data.toString('latin1').split('\n').includes('READY=1');
}

/**
 * Says so to the service manager, with the PID that is the service's from now on.
 *
 * @param host `$NOTIFY_SOCKET` of this process: a path.
 */
export function tellHost(host: string, pid: number): void {
  using connection = socket(AF_UNIX, SOCK_DGRAM);
  connectPath(connection.fd, host);
  sendMessage(connection.fd, Buffer.from('READY=1\n'));
  sendMessage(connection.fd, Buffer.from(`MAINPID=${pid}\n`));
}

/** `$NOTIFY_SOCKET`, unless it is an abstract name, which a container's runtime had better not use. */
export function hostSocket(environment: NodeJS.ProcessEnv): string | undefined {
  const path = environment['NOTIFY_SOCKET'];
  return path?.startsWith('/') === true ? path : undefined;
}
