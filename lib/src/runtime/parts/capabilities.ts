/** Exercise 04.5: the five sets of capabilities. */
import { CAPABILITY_NAMES, type LinuxCapabilities } from '../../oci/index.ts';
import {
  PR_CAP_AMBIENT,
  PR_CAP_AMBIENT_CLEAR_ALL,
  PR_CAP_AMBIENT_RAISE,
  PR_CAPBSET_DROP,
  type SyscallProgram,
} from '../../sys/index.ts';
import { appendCapset } from '../program/capset.ts';

// #region exercise-04-5
/**
 * A set of capabilities as the kernel has it: the bit of each one's number, which is its index in
 * CAPABILITY_NAMES. Pure.
 *
 * There are more than 32, so it is a bigint, and so must be the 1 that is shifted. A name that is not
 * known is left out: it asks for something that no kernel here has.
 */
export function capabilityMask(names: readonly string[]): bigint {
  let mask = 0n;
  for (const name of names) {
    const number = capabilityNumber(name);
    if (number >= 0) mask |= 1n << BigInt(number);
  }
  return mask;
}

/**
 * Appends what reduces the bounding set to `capabilities.bounding`: a PR_CAPBSET_DROP (prctl(2), with
 * all five arguments) for every capability that is known and is not in it, in the order of numbers.
 *
 * Without capabilities all are dropped. A kernel that is older than a capability refuses to drop it,
 * with EINVAL, which is tolerated. The origin is `/process/capabilities/bounding`.
 */
export function appendBoundingSet(
  program: SyscallProgram,
  capabilities: LinuxCapabilities = {},
): void {
  const bounding = new Set(capabilities.bounding);
  program.from('/process/capabilities/bounding', () => {
    for (const [number, name] of CAPABILITY_NAMES.entries()) {
      if (bounding.has(name)) continue;
      program.call('prctl', [PR_CAPBSET_DROP, number, 0, 0, 0], { tolerate: 'EINVAL' });
    }
  });
}

/**
 * Appends what gives the process exactly the other four sets (capabilities(7), config.md, "Linux
 * Process"; a set that is missing is empty):
 *
 *     capset: effective, permitted, inheritable  →  clear the ambient set  →  raise each ambient one
 *
 * The first is {@link appendCapset}, the others are prctl(2) with PR_CAP_AMBIENT and its five
 * arguments. The ambient set can have only what is both permitted and inheritable: so it comes last,
 * and EPERM for another one is tolerated. A name that is not known is not raised. EINVAL of the
 * clearing is tolerated, for kernels without an ambient set. The origin is `/process/capabilities`.
 *
 * @param extra capabilities for what is still to be done, in the effective and the permitted set and
 *   in no other; a second call without them takes them away.
 */
export function appendCapabilities(
  program: SyscallProgram,
  capabilities: LinuxCapabilities = {},
  extra: readonly string[] = [],
): void {
  const { effective = [], permitted = [], inheritable = [], ambient = [] } = capabilities;
  program.from('/process/capabilities', () => {
    appendCapset(program, {
      effective: capabilityMask([...effective, ...extra]),
      permitted: capabilityMask([...permitted, ...extra]),
      inheritable: capabilityMask(inheritable),
    });
    program.call('prctl', [PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0], {
      tolerate: 'EINVAL',
    });
    for (const number of ambient.map(capabilityNumber)) {
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
// #endregion exercise-04-5
