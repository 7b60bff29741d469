/** Which section of the specification a place in config.json belongs to. */

const MAIN = 'config.md';
const LINUX = 'config-linux.md';

/** Pointer prefix, document, heading; a longer prefix stands before a shorter one. */
const SECTIONS: readonly (readonly [string, string, string])[] = [
  ['/ociVersion', MAIN, 'Specification version'],
  ['/root', MAIN, 'Root'],
  ['/mounts', MAIN, 'Mounts'],
  ['/process/rlimits', MAIN, 'POSIX process'],
  ['/process/capabilities', MAIN, 'Linux Process'],
  ['/process/apparmorProfile', MAIN, 'Linux Process'],
  ['/process/oomScoreAdj', MAIN, 'Linux Process'],
  ['/process/scheduler', MAIN, 'Linux Process'],
  ['/process/selinuxLabel', MAIN, 'Linux Process'],
  ['/process/ioPriority', MAIN, 'Linux Process'],
  ['/process/execCPUAffinity', MAIN, 'Linux Process'],
  ['/process/noNewPrivileges', MAIN, 'Linux Process'],
  ['/process/user', MAIN, 'POSIX-platform User'],
  ['/process', MAIN, 'Process'],
  ['/hostname', MAIN, 'Hostname'],
  ['/domainname', MAIN, 'Domainname'],
  ['/hooks', MAIN, 'POSIX-platform Hooks'],
  ['/annotations', MAIN, 'Annotations'],
  ['/linux/namespaces', LINUX, 'Namespaces'],
  ['/linux/uidMappings', LINUX, 'User namespace mappings'],
  ['/linux/gidMappings', LINUX, 'User namespace mappings'],
  ['/linux/timeOffsets', LINUX, 'Offset for Time Namespace'],
  ['/linux/devices', LINUX, 'Devices'],
  ['/linux/netDevices', LINUX, 'Network Devices'],
  ['/linux/cgroupsPath', LINUX, 'Cgroups Path'],
  ['/linux/resources/devices', LINUX, 'Allowed Device list'],
  ['/linux/resources/memory', LINUX, 'Memory'],
  ['/linux/resources/cpu', LINUX, 'CPU'],
  ['/linux/resources/blockIO', LINUX, 'Block IO'],
  ['/linux/resources/hugepageLimits', LINUX, 'Huge page limits'],
  ['/linux/resources/network', LINUX, 'Network'],
  ['/linux/resources/pids', LINUX, 'PIDs'],
  ['/linux/resources/rdma', LINUX, 'RDMA'],
  ['/linux/resources/unified', LINUX, 'Unified'],
  ['/linux/resources', LINUX, 'Control groups'],
  ['/linux/intelRdt', LINUX, 'IntelRdt'],
  ['/linux/memoryPolicy', LINUX, 'Memory policy'],
  ['/linux/sysctl', LINUX, 'Sysctl'],
  ['/linux/seccomp', LINUX, 'Seccomp'],
  ['/linux/rootfsPropagation', LINUX, 'Rootfs Mount Propagation'],
  ['/linux/maskedPaths', LINUX, 'Masked Paths'],
  ['/linux/readonlyPaths', LINUX, 'Readonly Paths'],
  ['/linux/mountLabel', LINUX, 'Mount Label'],
  ['/linux/personality', LINUX, 'Personality'],
  ['/linux', LINUX, 'Linux Container Configuration'],
];

/** For instance `config.md, "Root"`. */
export function sectionOf(pointer: string): string {
  const entry = SECTIONS.find(([prefix]) => isWithin(pointer, prefix));
  return entry === undefined ? `${MAIN}, "Configuration"` : `${entry[1]}, "${entry[2]}"`;
}

/** Whether `pointer` is `container` or something inside of it. */
export function isWithin(pointer: string, container: string): boolean {
  return pointer === container || pointer.startsWith(`${container}/`);
}
