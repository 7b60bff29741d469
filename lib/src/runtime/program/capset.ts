/** capset(2): the three sets that it takes, in the layout that it wants. */
import {
  bytes,
  LINUX_CAPABILITY_VERSION_3,
  type Block,
  type Result,
  type SyscallProgram,
} from '../../sys/index.ts';

/** Each capability of a set is the bit of its number. */
export interface CapabilitySets {
  readonly effective: bigint;
  readonly permitted: bigint;
  readonly inheritable: bigint;
}

/** `int capset(cap_user_header_t hdrp, const cap_user_data_t datap)` of the calling process. */
export function appendCapset(program: SyscallProgram, sets: CapabilitySets): Result {
  return program.call('capset', [capabilityHeader(), capabilityData(sets)]);
}

/** `struct __user_cap_header_struct`; pid 0 is the caller. */
function capabilityHeader(): Block {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(LINUX_CAPABILITY_VERSION_3, 0);
  return bytes(header, '{_LINUX_CAPABILITY_VERSION_3, 0}');
}

/** Two `struct __user_cap_data_struct`: the low halves of the three sets, then the high ones. */
function capabilityData({ effective, permitted, inheritable }: CapabilitySets): Block {
  const data = Buffer.alloc(24);
  for (const [index, mask] of [effective, permitted, inheritable].entries()) {
    data.writeUInt32LE(Number(mask & 0xffffffffn), index * 4);
    data.writeUInt32LE(Number(mask >> 32n), 12 + index * 4);
  }
  const shown = `{effective=${hex(effective)}, permitted=${hex(permitted)}, inheritable=${hex(inheritable)}}`;
  return bytes(data, shown);
}

function hex(mask: bigint): string {
  return `0x${mask.toString(16)}`;
}
