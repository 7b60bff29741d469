/** Addresses of network devices: `struct ifaddrmsg` (man 7 rtnetlink; RFC 3549, 2.3.3.2). */
import { attribute32, decodeAttributes, encodeAttributes, type Attribute } from './message.ts';

export const RTM_NEWADDR = 20;
export const RTM_GETADDR = 22;

const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_BROADCAST = 4;
const IFA_FLAGS = 8;
const IFA_RT_PRIORITY = 9;
const IFADDRMSG_SIZE = 8;

const IFA_F_PERMANENT = 0x80;
/** The flags that a person set; the others tell a state, which the kernel works out again. */
const IFA_F_SETTINGS = 0x02 | 0x10 | 0x100 | 0x200 | 0x400;
const RT_SCOPE_UNIVERSE = 0;

/** What is carried over of an address: its label has the old name of the device, its age ends. */
const CARRIED = [IFA_ADDRESS, IFA_LOCAL, IFA_BROADCAST, IFA_RT_PRIORITY];

export interface Address {
  /** AF_INET or AF_INET6. */
  readonly family: number;
  readonly prefixLength: number;
  /** IFA_F_, all 32 bits. */
  readonly flags: number;
  readonly scope: number;
  /** The device that has the address. */
  readonly index: number;
  readonly attributes: readonly Attribute[];
}

/** Asks for all addresses of all devices (RTM_GETADDR with NLM_F_DUMP). */
export function addressQuery(): Buffer {
  return Buffer.alloc(IFADDRMSG_SIZE);
}

/** The address in the body of an RTM_NEWADDR that the kernel sent. */
export function decodeAddress(body: Buffer): Address {
  const found = decodeAttributes(body.subarray(IFADDRMSG_SIZE));
  return {
    family: body.readUInt8(0),
    prefixLength: body.readUInt8(1),
    // The fixed part has room for eight flags; newer kernels send all of them as an attribute.
    flags: found.get(IFA_FLAGS)?.readUInt32LE(0) ?? body.readUInt8(2),
    scope: body.readUInt8(3),
    index: body.readUInt32LE(4),
    attributes: CARRIED.flatMap((type) => {
      const value = found.get(type);
      return value === undefined ? [] : [{ type, value }];
    }),
  };
}

/** Gives an address to another device (RTM_NEWADDR): without label, state and lifetime. */
export function encodeAddress(address: Address, index: number): Buffer {
  const fixed = Buffer.alloc(IFADDRMSG_SIZE);
  fixed.writeUInt8(address.family, 0);
  fixed.writeUInt8(address.prefixLength, 1);
  fixed.writeUInt8(address.scope, 3);
  fixed.writeUInt32LE(index, 4);
  const flags = attribute32(IFA_FLAGS, address.flags & IFA_F_SETTINGS);
  return Buffer.concat([fixed, encodeAttributes([...address.attributes, flags])]);
}

/**
 * Whether an address goes with its device into the container (config-linux.md, "Network Devices"):
 * it was set by a person, not learned, and has a meaning beyond this link.
 */
export function isCarried({ flags, scope }: Address): boolean {
  return (flags & IFA_F_PERMANENT) !== 0 && scope === RT_SCOPE_UNIVERSE;
}
