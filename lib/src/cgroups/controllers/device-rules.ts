/**
 * OCI device rules, made exact: every rule names one kind of device and a set of accesses.
 *
 * The list starts from "nothing is allowed". A rule without a type means every device; one that
 * also names no numbers and every access wipes what came before. Spec: config-linux.md, "Allowed
 * Device list"; kernel: admin-guide/cgroup-v1/devices.rst.
 */
import type { LinuxDeviceCgroup } from '../../oci/index.ts';
import { invalidResource } from '../errors.ts';
import { RESOURCES } from './setting.ts';

/** The bits of BPF_DEVCG_ACC_*, linux/bpf.h. */
const ACCESS = { m: 1, r: 2, w: 4 } as const;
export const ALL_ACCESS = ACCESS.m | ACCESS.r | ACCESS.w;

/** A rule of `linux.resources.devices` with every default filled in. */
export interface DeviceRule {
  readonly allow: boolean;
  readonly type: 'c' | 'b';
  /** undefined: every number. */
  readonly major: number | undefined;
  readonly minor: number | undefined;
  /** Bits of BPF_DEVCG_ACC_*: m 1, r 2, w 4. */
  readonly access: number;
  /** JSON pointer. */
  readonly source: string;
}

/** Either everything at once, or one exact rule. */
export type DeviceStep = { readonly reset: boolean; readonly source: string } | DeviceRule;

/**
 * What every container may use: it can make any node, and use null, zero, full, random, urandom,
 * tty, its terminals, ptmx, and tun. The list is runc's, on which engines rely.
 */
export const DEFAULT_DEVICE_RULES: readonly LinuxDeviceCgroup[] = [
  { allow: true, type: 'c', access: 'm' },
  { allow: true, type: 'b', access: 'm' },
  ...[
    [1, 3],
    [1, 8],
    [1, 7],
    [5, 0],
    [1, 5],
    [1, 9],
    [136, undefined],
    [5, 2],
    [10, 200],
  ].map(([major, minor]) => ({
    allow: true,
    type: 'c' as const,
    ...(major !== undefined && { major }),
    ...(minor !== undefined && { minor }),
    access: 'rwm',
  })),
];

/** Reads the rules in order. Pure. Errors: `CGROUP_INVALID` for an unknown type or access. */
export function parseDeviceRules(
  rules: readonly LinuxDeviceCgroup[],
  pointer: string = `${RESOURCES}/devices`,
): DeviceStep[] {
  return rules.flatMap((rule, index) => parseRule(rule, `${pointer}/${index}`));
}

function parseRule(rule: LinuxDeviceCgroup, source: string): DeviceStep[] {
  const access = parseAccess(rule, `${source}/access`);
  const exact = {
    allow: rule.allow,
    major: parseNumber(rule.major, `${source}/major`),
    minor: parseNumber(rule.minor, `${source}/minor`),
    access,
    source,
  };
  switch (rule.type ?? 'a') {
    case 'a': {
      const everything =
        exact.major === undefined && exact.minor === undefined && access === ALL_ACCESS;
      if (everything) return [{ reset: rule.allow, source }];
      return [
        { ...exact, type: 'c' },
        { ...exact, type: 'b' },
      ];
    }
    case 'c':
      return [{ ...exact, type: 'c' }];
    case 'b':
      return [{ ...exact, type: 'b' }];
    default: {
      const why = 'is not a type of device that a cgroup knows (a, b, c)';
      throw invalidResource(`${source}/type`, 'devices', rule.type, why);
    }
  }
}

/**
 * A rule without access is about all of them, as one without numbers is about all devices. A rule
 * that denies may say `a` for all, which runc passes over.
 */
function parseAccess({ allow, access: text }: LinuxDeviceCgroup, source: string): number {
  if (text === undefined || text === '') return ALL_ACCESS;
  if (!allow && /^[rwma]*a[rwma]*$/.test(text)) return ALL_ACCESS;
  if (!/^[rwm]+$/.test(text)) {
    throw invalidResource(source, 'devices', text, 'is not made of "r", "w" and "m"');
  }
  const letters = ['r', 'w', 'm'] as const;
  return letters.reduce(
    (bits, letter) => (text.includes(letter) ? bits | ACCESS[letter] : bits),
    0,
  );
}

/** Engines write -1 for "every number". */
function parseNumber(value: number | undefined, source: string): number | undefined {
  if (value === undefined || value < 0) return undefined;
  if (value > 0xffff_ffff) {
    throw invalidResource(source, 'devices', value, 'is larger than any device number');
  }
  return value;
}

/** `c 1:3 rwm`, as in devices.list and devices.allow. */
export function formatRule(rule: Omit<DeviceRule, 'allow' | 'source'>): string {
  return `${rule.type} ${rule.major ?? '*'}:${rule.minor ?? '*'} ${formatAccess(rule.access)}`;
}

/** `rw` for the bits of r and w. */
export function formatAccess(access: number): string {
  return (['r', 'w', 'm'] as const).filter((letter) => access & ACCESS[letter]).join('');
}
