/**
 * The config.json to begin with: what `spec` writes into an empty bundle.
 *
 * It runs a shell on a terminal, with few capabilities and a read-only root. It is runc's, down to
 * the order, because people and scripts edit what they know; only the names of the version and of
 * the host are our own.
 */
import type { RuntimeConfig } from './config.ts';
import type { Linux } from './linux.ts';
import type { LinuxIdMapping, Mount } from './mount.ts';
import type { LinuxNamespaceType } from './namespaces.ts';
import type { Process } from './process.ts';
import { OCI_VERSION } from './version.ts';

/** Who will run the container, when that is not root. */
export interface RootlessOwner {
  uid: number;
  gid: number;
}

/** For whom the default config is. */
export interface DefaultSpecOptions {
  /** Makes a config that this user can run without privileges: its id becomes root inside. */
  rootless?: RootlessOwner;
  /** Whether the host has cgroup v2 alone; the container then gets a cgroup namespace. */
  cgroup2?: boolean;
}

/** A complete config (config.md) whose root filesystem is expected at `rootfs` in the bundle. */
export function defaultSpec(options: DefaultSpecOptions = {}): RuntimeConfig {
  const { rootless } = options;
  return {
    ociVersion: OCI_VERSION,
    process: defaultProcess(),
    root: { path: 'rootfs', readonly: true },
    hostname: 'coracle',
    mounts: rootless === undefined ? defaultMounts() : defaultMounts().map(rootlessMount),
    linux: { ...defaultLinux(options), ...hiddenPaths() },
  };
}

function defaultProcess(): Process {
  const granted = () => ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'];
  return {
    terminal: true,
    user: { uid: 0, gid: 0 },
    args: ['sh'],
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'TERM=xterm'],
    cwd: '/',
    capabilities: {
      bounding: granted(),
      effective: granted(),
      permitted: granted(),
    },
    rlimits: [{ type: 'RLIMIT_NOFILE', hard: 1024, soft: 1024 }],
    noNewPrivileges: true,
  };
}

/** config-linux.md, "Default Filesystems", and what programs expect besides. */
function defaultMounts(): Mount[] {
  return [
    mount('/proc', 'proc', 'proc'),
    mount('/dev', 'tmpfs', 'tmpfs', 'nosuid,strictatime,mode=755,size=65536k'),
    mount(
      '/dev/pts',
      'devpts',
      'devpts',
      'nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5',
    ),
    mount('/dev/shm', 'tmpfs', 'shm', 'nosuid,noexec,nodev,mode=1777,size=65536k'),
    mount('/dev/mqueue', 'mqueue', 'mqueue', 'nosuid,noexec,nodev'),
    mount('/sys', 'sysfs', 'sysfs', 'nosuid,noexec,nodev,ro'),
    mount('/sys/fs/cgroup', 'cgroup', 'cgroup', 'nosuid,noexec,nodev,relatime,ro'),
  ];
}

function mount(destination: string, type: string, source: string, options?: string): Mount {
  return { destination, type, source, ...(options && { options: options.split(',') }) };
}

/**
 * A user without privileges can neither mount a sysfs without owning a network namespace, nor give
 * files to an id that is not mapped.
 */
function rootlessMount(original: Mount): Mount {
  if (original.destination === '/sys') {
    return mount('/sys', 'none', '/sys', 'rbind,nosuid,noexec,nodev,ro');
  }
  if (original.options === undefined) return original;
  const options = original.options.filter((option) => !/^[ug]id=/.test(option));
  return { ...original, options };
}

function defaultLinux({ rootless, cgroup2 = false }: DefaultSpecOptions): Linux {
  const types: LinuxNamespaceType[] = ['pid', 'ipc', 'uts', 'mount'];
  // A network namespace without a connection is of no use to somebody who cannot make one.
  if (rootless === undefined) types.splice(1, 0, 'network');
  if (cgroup2) types.push('cgroup');
  if (rootless !== undefined) types.push('user');
  const namespaces = types.map((type) => ({ type }));
  if (rootless === undefined) {
    return { resources: { devices: [{ allow: false, access: 'rwm' }] }, namespaces };
  }
  return {
    uidMappings: rootOnly(rootless.uid),
    gidMappings: rootOnly(rootless.gid),
    namespaces,
  };
}

function rootOnly(hostID: number): LinuxIdMapping[] {
  return [{ containerID: 0, hostID, size: 1 }];
}

/** Files of /proc and /sys that tell about the host, and such that change it. */
function hiddenPaths(): Linux {
  return {
    maskedPaths: [
      '/proc/acpi',
      '/proc/asound',
      '/proc/kcore',
      '/proc/keys',
      '/proc/latency_stats',
      '/proc/timer_list',
      '/proc/timer_stats',
      '/proc/sched_debug',
      '/sys/firmware',
      '/proc/scsi',
    ],
    readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
  };
}
