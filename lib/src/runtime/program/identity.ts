/** Who the container's process is: groups, user, capabilities, limits (config.md, "Process"). */
import { CAPABILITY_NAMES, type LinuxCapabilities, type Process } from '../../oci/index.ts';
import {
  bytes,
  LINUX_CAPABILITY_VERSION_3,
  PR_CAP_AMBIENT,
  PR_CAP_AMBIENT_CLEAR_ALL,
  PR_CAP_AMBIENT_RAISE,
  PR_CAPBSET_DROP,
  PR_SET_KEEPCAPS,
  type Block,
  type SyscallProgram,
} from '../../sys/index.ts';

/**
 * Permitted capabilities survive the change of user, until `appendCapabilities` sets all five.
 *
 * @param options `mayBeDenied`: the user namespace may be one whose maps a user has written alone,
 *   in which nobody may leave groups (user_namespaces(7)). Groups that are asked for are not
 *   negotiable.
 */
export function appendUser(
  program: SyscallProgram,
  { user }: Process,
  options: { mayBeDenied: boolean },
): void {
  program.from('/process/user', () => {
    program.call('prctl', [PR_SET_KEEPCAPS, 1, 0, 0, 0]);
    const groups = user.additionalGids ?? [];
    const tolerate =
      options.mayBeDenied && groups.length === 0 ? { tolerate: 'EPERM' as const } : {};
    program.call('setgroups', [groups.length, groupList(groups)], tolerate);
    program.call('setresgid', [user.gid, user.gid, user.gid]);
    program.call('setresuid', [user.uid, user.uid, user.uid]);
    program.call('prctl', [PR_SET_KEEPCAPS, 0, 0, 0, 0]);
    program.call('umask', [user.umask ?? 0o022]);
  });
}

/** Must come before the change of user, which takes CAP_SETPCAP away. */
export function appendBoundingSet(
  program: SyscallProgram,
  capabilities: LinuxCapabilities = {},
): void {
  const bounding = new Set(capabilities.bounding);
  program.from('/process/capabilities/bounding', () => {
    for (const [number, name] of CAPABILITY_NAMES.entries()) {
      if (bounding.has(name)) continue;
      // A capability that the kernel does not know yet is not there to be dropped.
      program.call('prctl', [PR_CAPBSET_DROP, number, 0, 0, 0], { tolerate: 'EINVAL' });
    }
  });
}

/**
 * Sets effective, permitted and inheritable, then raises the ambient ones.
 *
 * @param extra capabilities kept for what is still to be done; a second call takes them away.
 */
export function appendCapabilities(
  program: SyscallProgram,
  capabilities: LinuxCapabilities = {},
  extra: readonly string[] = [],
): void {
  const sets = [
    [...(capabilities.effective ?? []), ...extra],
    [...(capabilities.permitted ?? []), ...extra],
    capabilities.inheritable ?? [],
  ].map(capabilityMask);
  program.from('/process/capabilities', () => {
    program.call('capset', [capabilityHeader(), capabilityData(sets)]);
    program.call('prctl', [PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0], {
      tolerate: 'EINVAL',
    });
    for (const name of capabilities.ambient ?? []) {
      const number = capabilityNumber(name);
      // One that is not both permitted and inheritable cannot be ambient (capabilities(7)).
      if (number < 0) continue;
      program.call('prctl', [PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0], {
        tolerate: 'EPERM',
      });
    }
  });
}

function capabilityNumber(name: string): number {
  return CAPABILITY_NAMES.findIndex((candidate) => candidate === name);
}

/** A name that is not known is left out, as runc does: it asks for something no kernel here has. */
function capabilityMask(names: readonly string[]): bigint {
  return names
    .map(capabilityNumber)
    .filter((number) => number >= 0)
    .reduce((mask, number) => mask | (1n << BigInt(number)), 0n);
}

/** `struct __user_cap_header_struct`; pid 0 is the caller. */
function capabilityHeader(): Block {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(LINUX_CAPABILITY_VERSION_3, 0);
  return bytes(header, '{_LINUX_CAPABILITY_VERSION_3, 0}');
}

/** Two `struct __user_cap_data_struct`: the low halves of the three sets, then the high ones. */
function capabilityData(sets: readonly bigint[]): Block {
  const data = Buffer.alloc(24);
  for (const [index, mask] of sets.entries()) {
    data.writeUInt32LE(Number(mask & 0xffffffffn), index * 4);
    data.writeUInt32LE(Number(mask >> 32n), 12 + index * 4);
  }
  const [effective, permitted, inheritable] = sets;
  const shown = `{effective=${hex(effective)}, permitted=${hex(permitted)}, inheritable=${hex(inheritable)}}`;
  return bytes(data, shown);
}

function hex(mask = 0n): string {
  return `0x${mask.toString(16)}`;
}

function groupList(groups: readonly number[]): Block {
  const list = Buffer.alloc(Math.max(groups.length, 1) * 4);
  for (const [index, group] of groups.entries()) list.writeUInt32LE(group, index * 4);
  return bytes(list, `[${groups.join(', ')}]`);
}
