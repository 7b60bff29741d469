/** One entry of `mounts` (config.md, "Mounts"). */

/** config.md, "Mounts" and "POSIX-platform Mounts". */
export interface Mount {
  /** Inside the container; a relative path is deprecated and starts at `/`. */
  destination: string;
  /** A filesystem type of /proc/filesystems; a dummy for a bind mount. */
  type?: string;
  /** A device, a dummy, or for a bind mount a path, absolute or relative to the bundle. */
  source?: string;
  /** As mount(8) has them; unknown ones go to the filesystem. */
  options?: string[];
  /** An idmapped mount; given together with `gidMappings`. */
  uidMappings?: LinuxIdMapping[];
  gidMappings?: LinuxIdMapping[];
}

/** config-linux.md, "User namespace mappings": one line of uid_map or gid_map. */
export interface LinuxIdMapping {
  /** First id in the container. */
  containerID: number;
  /** First id on the host. */
  hostID: number;
  /** How many ids. */
  size: number;
}
