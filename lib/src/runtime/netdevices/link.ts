/** Links, as rtnetlink names network devices: `struct ifinfomsg` (man 7 rtnetlink). */
import {
  attribute32,
  attributeText,
  decodeAttributes,
  encodeAttributes,
  textOf,
  type Attribute,
} from './message.ts';

export const RTM_NEWLINK = 16;
export const RTM_GETLINK = 18;

const IFLA_IFNAME = 3;
const IFLA_NET_NS_FD = 28;
const IFLA_NEW_IFINDEX = 49;
const IFF_UP = 1;
const IFINFOMSG_SIZE = 16;

export interface Link {
  readonly index: number;
  readonly name: string;
}

/** Asks for one link by name (RTM_GETLINK), or without a name for all (with NLM_F_DUMP). */
export function linkQuery(name?: string): Buffer {
  return linkBody(0, name === undefined ? [] : [attributeText(IFLA_IFNAME, name)]);
}

/**
 * Moves a link into another network namespace, renames and renumbers it, in one step (RTM_NEWLINK).
 *
 * @param move.index its number now; `newIndex` is its number there, which Linux before 5.13 ignores.
 */
export function linkMove(move: {
  index: number;
  name: string;
  netnsFd: number;
  newIndex: number;
}): Buffer {
  return linkBody(move.index, [
    attributeText(IFLA_IFNAME, move.name),
    attribute32(IFLA_NET_NS_FD, move.netnsFd),
    attribute32(IFLA_NEW_IFINDEX, move.newIndex),
  ]);
}

/** Brings a link up (RTM_NEWLINK) and changes none of its other flags. */
export function linkUp(index: number): Buffer {
  return linkBody(index, [], IFF_UP);
}

/** The link in the body of an RTM_NEWLINK that the kernel sent. */
export function decodeLink(body: Buffer): Link {
  const name = decodeAttributes(body.subarray(IFINFOMSG_SIZE)).get(IFLA_IFNAME);
  return { index: body.readInt32LE(4), name: name === undefined ? '' : textOf(name) };
}

/** `struct ifinfomsg`: family, padding, u16 type, i32 index, u32 flags, u32 change; attributes. */
function linkBody(index: number, attributes: readonly Attribute[], flagsSet = 0): Buffer {
  const fixed = Buffer.alloc(IFINFOMSG_SIZE);
  fixed.writeInt32LE(index, 4);
  fixed.writeUInt32LE(flagsSet, 8);
  fixed.writeUInt32LE(flagsSet, 12);
  return Buffer.concat([fixed, encodeAttributes(attributes)]);
}
