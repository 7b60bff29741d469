/** Gathers what the container's program needs from the host: descriptors, facts, filters. */
import { fstatSync, openSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseMountOptions } from '#parts/runtime/mount-options.ts';
import {
  planNamespaces,
  openNamespace,
  separates,
  type NamespacePlan,
} from '../namespaces/index.ts';
import type { Mount, RuntimeConfig } from '../oci/index.ts';
import {
  AF_UNIX,
  bindPath,
  connectPath,
  Descriptor,
  hasCode,
  listen,
  O_PATH,
  openat2,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  socket,
} from '../sys/index.ts';
import type { MountSource } from './context.ts';
import { RuntimeError } from './errors.ts';
import { openIdMap } from './idmap.ts';
import { START_SOCKET } from './state/store.ts';

/** The socket on which the container's first process waits for `start`. */
export function listenForStart(directory: string, directoryFd: number): Descriptor {
  const listener = socket(AF_UNIX, SOCK_SEQPACKET);
  bindPath(listener.fd, shortPath(join(directory, START_SOCKET), directoryFd));
  listen(listener.fd, 1);
  return listener;
}

/** Connects to the socket of {@link listenForStart}. */
export function connectToStart(directory: string, directoryFd: number): Descriptor {
  const connection = socket(AF_UNIX, SOCK_SEQPACKET);
  connectPath(connection.fd, shortPath(join(directory, START_SOCKET), directoryFd));
  return connection;
}

/** A Unix socket's name has 107 bytes; a state directory may lie deeper. */
function shortPath(path: string, directoryFd: number): string {
  return Buffer.byteLength(path) <= 107 ? path : `/proc/self/fd/${directoryFd}/${START_SOCKET}`;
}

/** Connects to the socket that is to receive the terminal's master. */
export function connectConsole(path: string): Descriptor {
  const connection = socket(AF_UNIX, SOCK_STREAM);
  try {
    connectPath(connection.fd, path);
    return connection;
  } catch (error) {
    connection.close();
    throw new RuntimeError(
      'CONSOLE_SOCKET',
      `cannot connect to the console socket ${path}: ${error instanceof Error ? error.message : String(error)}; ` +
        'whoever creates the container must listen there',
      { cause: error },
    );
  }
}

/** Opens every namespace that is joined by path, in the plan's order. */
export function openJoins(plan: NamespacePlan, own: (descriptor: Descriptor) => void): number[] {
  return plan.join.map(({ path, kind }) => {
    const descriptor = openNamespace(path, kind.type);
    own(descriptor);
    return descriptor.fd;
  });
}

/** Looks at the source of each bind mount, and makes the user namespaces of idmapped ones. */
export function inspectSources(
  config: RuntimeConfig,
  bundle: string,
  own: (descriptor: Descriptor) => void,
): Map<number, MountSource> {
  const sources = new Map<number, MountSource>();
  for (const [index, mount] of (config.mounts ?? []).entries()) {
    const options = parseMountOptions(mount.options ?? [], mount.type);
    if (options.bind === undefined) continue;
    const directory = isDirectory(mount, index, bundle);
    const mappings = idMappings(mount, config, options.idmap !== undefined);
    if (mappings === undefined) {
      sources.set(index, { directory });
      continue;
    }
    const userns = openIdMap(mappings);
    own(userns);
    sources.set(index, { directory, usernsFd: userns.fd });
  }
  return sources;
}

/** A mount's own mappings, or with the option `idmap` alone the container's. */
function idMappings(
  mount: Mount,
  config: RuntimeConfig,
  idmap: boolean,
): { uid: NonNullable<Mount['uidMappings']>; gid: NonNullable<Mount['gidMappings']> } | undefined {
  const { uidMappings = [], gidMappings = [] } = mount;
  if (uidMappings.length > 0) return { uid: uidMappings, gid: gidMappings };
  if (!idmap) return undefined;
  return { uid: config.linux?.uidMappings ?? [], gid: config.linux?.gidMappings ?? [] };
}

function isDirectory(mount: Mount, index: number, bundle: string): boolean {
  try {
    return statSync(
      join(mount.source?.startsWith('/') === true ? '/' : bundle, mount.source ?? ''),
    ).isDirectory();
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw new RuntimeError(
      'MOUNT_SOURCE',
      `error mounting ${JSON.stringify(mount.source)} to rootfs at ${JSON.stringify(mount.destination)}: ` +
        `no such file or directory; create the source, or remove /mounts/${index} from config.json`,
      { cause: error },
    );
  }
}

/** The permission bits of the directories over which a tmpfs goes without a mode of its own. */
export function inspectTmpfsTargets(config: RuntimeConfig, rootfs: string): Map<number, number> {
  const modes = new Map<number, number>();
  for (const [index, { type, destination, options = [] }] of (config.mounts ?? []).entries()) {
    if (type !== 'tmpfs' || options.some((option) => option.startsWith('mode='))) continue;
    const mode = directoryMode(rootfs, destination);
    if (mode !== undefined) modes.set(index, mode);
  }
  return modes;
}

function directoryMode(rootfs: string, path: string): number | undefined {
  using root = new Descriptor(openSync(rootfs, O_PATH));
  try {
    using directory = openat2(root.fd, path, O_PATH);
    return fstatSync(directory.fd).mode & 0o7777;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return undefined;
    throw error;
  }
}

/**
 * Whether each stream is the host's /dev/null, another user's, or fine as it is.
 *
 * @param hasOwnNull the container has a /dev/null that the runtime has made, to take instead.
 */
export function inspectStreams(
  stdio: readonly number[],
  uid: number,
  hasOwnNull: boolean,
): ('null' | 'foreign' | 'own')[] {
  return stdio.map((fd) => {
    try {
      const stat = fstatSync(fd);
      if (stat.isCharacterDevice() && stat.rdev === NULL_DEVICE) return hasOwnNull ? 'null' : 'own';
      return stat.uid === uid ? 'own' : 'foreign';
    } catch (error) {
      if (hasCode(error, 'EBADF')) return 'own';
      throw error;
    }
  });
}

/** Whether a new tmpfs covers /dev, so that every node there is the runtime's own. */
export function hasFreshDev(config: RuntimeConfig): boolean {
  const mounts = config.mounts ?? [];
  return mounts.some(
    ({ destination, type }) => type === 'tmpfs' && resolve('/', destination) === '/dev',
  );
}

/** makedev(1, 3). */
const NULL_DEVICE = 0x103;

/** The node that masked paths are hidden under must be what its name says (CVE-2025-31133). */
export function checkNullDevice(): void {
  const stat = statSync('/dev/null', { throwIfNoEntry: false });
  if (stat?.isCharacterDevice() === true && stat.rdev === NULL_DEVICE) return;
  throw new RuntimeError(
    'NULL_DEVICE',
    "the host's /dev/null is not character device 1:3, so nothing can be masked with it; " +
      'make it again: rm /dev/null; mknod -m 666 /dev/null c 1 3',
  );
}

/** Plans namespaces and checks what needs another of them. */
export function planIsolation(config: RuntimeConfig): NamespacePlan {
  const plan = planNamespaces(config.linux?.namespaces ?? []);
  if (!separates(plan, 'mount') && (config.mounts ?? []).length > 0) {
    throw new RuntimeError(
      'MOUNT_NAMESPACE',
      '/mounts needs a mount namespace, or it would change the host; add {"type": "mount"} to linux.namespaces',
    );
  }
  return plan;
}
