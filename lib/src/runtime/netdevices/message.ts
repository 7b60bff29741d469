/**
 * Netlink messages as bytes: a header, a fixed part that depends on the type, then attributes
 * (man 7 netlink, man 3 rtnetlink). All numbers are in the machine's order, here little-endian.
 */

export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;

export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP = 0x300;
export const NLM_F_CREATE = 0x400;
export const NLM_F_EXCL = 0x200;

export interface Message {
  /** NLMSG_ or RTM_. */
  readonly type: number;
  /** NLM_F_. */
  readonly flags: number;
  readonly sequence: number;
  /** What follows the header: the fixed part and the attributes. */
  readonly body: Buffer;
}

export interface Attribute {
  readonly type: number;
  readonly value: Buffer;
}

const HEADER_SIZE = 16;
const ATTRIBUTE_HEADER_SIZE = 4;

/** The two upper bits of an attribute's type are flags (NLA_F_NESTED, NLA_F_NET_BYTEORDER). */
const ATTRIBUTE_TYPE_MASK = 0x3fff;

/** One message: `struct nlmsghdr` and its body. */
export function encodeMessage({ type, flags, sequence, body }: Message): Buffer {
  const header = Buffer.alloc(HEADER_SIZE);
  header.writeUInt32LE(HEADER_SIZE + body.length, 0);
  header.writeUInt16LE(type, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt32LE(sequence, 8);
  return padded(Buffer.concat([header, body]));
}

/**
 * The messages of one datagram.
 *
 * @throws RangeError for a length that does not fit into what was received.
 */
export function decodeMessages(datagram: Buffer): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at + HEADER_SIZE <= datagram.length;) {
    const length = datagram.readUInt32LE(at);
    checkLength(length, HEADER_SIZE, datagram.length - at);
    messages.push({
      type: datagram.readUInt16LE(at + 4),
      flags: datagram.readUInt16LE(at + 6),
      sequence: datagram.readUInt32LE(at + 8),
      body: datagram.subarray(at + HEADER_SIZE, at + length),
    });
    at += align4(length);
  }
  return messages;
}

/** Attributes one after the other: `struct rtattr` and the value, each padded to four bytes. */
export function encodeAttributes(attributes: readonly Attribute[]): Buffer {
  return Buffer.concat(
    attributes.map(({ type, value }) => {
      const header = Buffer.alloc(ATTRIBUTE_HEADER_SIZE);
      header.writeUInt16LE(ATTRIBUTE_HEADER_SIZE + value.length, 0);
      header.writeUInt16LE(type, 2);
      return padded(Buffer.concat([header, value]));
    }),
  );
}

/**
 * The attributes that fill `bytes`, by type; of two with one type the later.
 *
 * @throws RangeError for a length that does not fit.
 */
export function decodeAttributes(bytes: Buffer): Map<number, Buffer> {
  const attributes = new Map<number, Buffer>();
  for (let at = 0; at + ATTRIBUTE_HEADER_SIZE <= bytes.length;) {
    const length = bytes.readUInt16LE(at);
    checkLength(length, ATTRIBUTE_HEADER_SIZE, bytes.length - at);
    const type = bytes.readUInt16LE(at + 2) & ATTRIBUTE_TYPE_MASK;
    attributes.set(type, bytes.subarray(at + ATTRIBUTE_HEADER_SIZE, at + length));
    at += align4(length);
  }
  return attributes;
}

/** A 32-bit attribute. */
export function attribute32(type: number, value: number): Attribute {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return { type, value: bytes };
}

/** A NUL-terminated string attribute. */
export function attributeText(type: number, value: string): Attribute {
  return { type, value: Buffer.from(`${value}\0`) };
}

/** The string in an attribute, without its NUL. */
export function textOf(value: Buffer): string {
  return value.toString('utf8').replace(/\0.*$/s, '');
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(align4(bytes.length) - bytes.length)]);
}

function align4(size: number): number {
  return (size + 3) & ~3;
}

/** A length of zero would never end the loop, and one past the end would read somebody's memory. */
function checkLength(length: number, least: number, most: number): void {
  if (length >= least && length <= most) return;
  throw new RangeError(`netlink: a length of ${length} is not between ${least} and ${most}`);
}
