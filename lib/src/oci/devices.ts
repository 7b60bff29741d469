/** Device nodes in the container, and the rules for using them (config-linux.md, "Devices"). */

/** `c` and `u` are character devices, `b` block devices, `p` FIFOs. */
export const DEVICE_TYPES = ['c', 'b', 'u', 'p'] as const;
export type LinuxDeviceType = (typeof DEVICE_TYPES)[number];

/** A node that must be in the container. */
export interface LinuxDevice {
  type: LinuxDeviceType;
  /** Absolute, in the container. */
  path: string;
  /** Required unless the type is `p`; so is `minor`. */
  major?: number;
  minor?: number;
  /** 0666 when missing. Docker writes the file type into it as well: use only `& 0o7777`. */
  fileMode?: number;
  /** Owner in the container. */
  uid?: number;
  gid?: number;
}

/** `a` is every device; the type of a rule that names none. */
export const DEVICE_RULE_TYPES = ['a', 'c', 'b'] as const;
export type LinuxDeviceRuleType = (typeof DEVICE_RULE_TYPES)[number];

/** config-linux.md, "Allowed Device list": one rule of the device cgroup; later rules win. */
export interface LinuxDeviceCgroup {
  allow: boolean;
  type?: LinuxDeviceRuleType;
  /** All when missing, as runc reads a negative one; so is `minor`. */
  major?: number;
  minor?: number;
  /** Any of `r`, `w` and `m`; all three when missing. */
  access?: string;
}
