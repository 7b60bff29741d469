/**
 * Writes the headers of a tar archive, the same bytes for the same entry whoever runs it and when:
 * POSIX ustar, and an extended header (pax(1)) only for what does not fit.
 */
import { encodePath } from '../../overlayfs/index.ts';
import { BLOCK, type EntryType, type TarEntry } from './entry.ts';

/** Two blocks of zeros, by which an archive ends. */
export const END_OF_ARCHIVE: Buffer = Buffer.alloc(2 * BLOCK);

const TYPE_FLAGS: Readonly<Record<EntryType, string>> = {
  file: '0',
  link: '1',
  symlink: '2',
  char: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

/** The largest numbers of 7 and of 11 octal digits. */
const LARGEST_ID = 0o7777777;
const LARGEST_SIZE = 0o77777777777;
const BILLION = 1_000_000_000n;

/** What comes before an entry's data: its header, with an extended one before it if need be. */
export function encodeHeader(entry: TarEntry): Buffer {
  const name = bytesOf(entry.type === 'directory' ? withSlash(entry.name) : entry.name);
  const link = bytesOf(entry.linkName);
  const records = extensions(entry, name, link);
  const header = headerBlock({
    name: name.subarray(0, 100),
    link: link.subarray(0, 100),
    typeFlag: TYPE_FLAGS[entry.type],
    mode: entry.mode,
    uid: entry.uid > LARGEST_ID ? 0 : entry.uid,
    gid: entry.gid > LARGEST_ID ? 0 : entry.gid,
    size: entry.size > LARGEST_SIZE ? 0 : entry.size,
    mtime: entry.mtime < 0n ? 0 : Math.min(Number(entry.mtime / BILLION), LARGEST_SIZE),
    major: entry.major,
    minor: entry.minor,
  });
  if (records.length === 0) return header;
  const body = Buffer.concat(records);
  const extended = headerBlock({
    name: paxName(name),
    link: Buffer.alloc(0),
    typeFlag: 'x',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: body.length,
    mtime: 0,
    major: 0,
    minor: 0,
  });
  return Buffer.concat([extended, body, Buffer.alloc(paddingAfter(body.length)), header]);
}

/** Bytes from the end of an entry's data to the next header. */
export function paddingAfter(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** The records for what the header cannot say, in the order of their keywords. */
function extensions(entry: TarEntry, name: Buffer, link: Buffer): Buffer[] {
  const records: [keyword: string, value: Uint8Array | string][] = [];
  for (const [attribute, value] of entry.xattrs) {
    const keyword = attribute.replaceAll('%', '%25').replaceAll('=', '%3D');
    records.push([`SCHILY.xattr.${keyword}`, value]);
  }
  if (entry.gid > LARGEST_ID) records.push(['gid', String(entry.gid)]);
  if (link.length > 100 || !isAscii(link)) records.push(['linkpath', link]);
  if (entry.mtime < 0n || entry.mtime % BILLION !== 0n) {
    records.push(['mtime', decimalTime(entry.mtime)]);
  }
  if (name.length > 100 || !isAscii(name)) records.push(['path', name]);
  if (entry.size > LARGEST_SIZE) records.push(['size', String(entry.size)]);
  if (entry.uid > LARGEST_ID) records.push(['uid', String(entry.uid)]);
  return records.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => record(key, value));
}

/** `LENGTH KEYWORD=VALUE\n`, where LENGTH counts itself. */
function record(keyword: string, value: Uint8Array | string): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${keyword}=`), Buffer.from(value), Buffer.from('\n')]);
  let length = rest.length;
  while (length !== rest.length + String(length).length)
    length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** Seconds with a fraction, without zeros at its end. */
function decimalTime(time: bigint): string {
  const size = time < 0n ? -time : time;
  const fraction = String(size % BILLION)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const seconds = `${time < 0n ? '-' : ''}${size / BILLION}`;
  return fraction === '' ? seconds : `${seconds}.${fraction}`;
}

interface HeaderFields {
  readonly name: Uint8Array;
  readonly link: Uint8Array;
  readonly typeFlag: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly major: number;
  readonly minor: number;
}

/** See `readHeader` for where each field is. */
function headerBlock(fields: HeaderFields): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.set(fields.name, 0);
  octal(block, 100, 8, fields.mode);
  octal(block, 108, 8, fields.uid);
  octal(block, 116, 8, fields.gid);
  octal(block, 124, 12, fields.size);
  octal(block, 136, 12, fields.mtime);
  block.write(fields.typeFlag, 156, 'latin1');
  block.set(fields.link, 157);
  block.write('ustar\x0000', 257, 'latin1');
  octal(block, 329, 8, fields.major);
  octal(block, 337, 8, fields.minor);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function octal(block: Buffer, at: number, length: number, value: number): void {
  block.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
}

/** A name for the extended header itself, which nobody unpacks: of ASCII, for no record explains it. */
function paxName(name: Buffer): Buffer {
  const text = name
    .toString('latin1')
    .replace(/\/$/, '')
    .replaceAll(/[^ -~]/g, '');
  const base = text.slice(text.lastIndexOf('/') + 1).slice(0, 80);
  return Buffer.from(`PaxHeaders.0/${base}`, 'latin1');
}

function withSlash(name: string): string {
  return name.endsWith('/') ? name : `${name}/`;
}

function bytesOf(name: string): Buffer {
  return Buffer.from(encodePath(name));
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}
