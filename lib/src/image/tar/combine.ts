/** One entry, out of its header and of the extended headers before it. */
import { readTime } from '#parts/image/pax.ts';
import { decodeName } from '../../overlayfs/index.ts';
import { ImageError } from '../errors.ts';
import type { EntryType, TarEntry, TarHeader } from './entry.ts';
import type { SparseFile } from './sparse.ts';

/** What extended headers have said about the next file. */
export interface Extensions {
  /** Records of pax. */
  readonly records: Map<string, Uint8Array>;
  /** GNU's type `L`. */
  longName?: Uint8Array;
  /** GNU's type `K`. */
  longLink?: Uint8Array;
}

const XATTR = 'SCHILY.xattr.';

const TYPES: Readonly<Record<string, EntryType>> = {
  '0': 'file',
  '1': 'link',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
  // "Contiguous", which is a file, and a sparse one.
  '7': 'file',
  S: 'file',
};

/** Adds records to those before; an empty value takes one away (pax(1)), but attributes may be empty. */
export function addRecords(to: Extensions, records: ReadonlyMap<string, Uint8Array>): void {
  for (const [keyword, value] of records) {
    if (value.length === 0 && !keyword.startsWith(XATTR)) to.records.delete(keyword);
    else to.records.set(keyword, value);
  }
}

/** How many bytes of the archive follow the header. */
export function storedSize(header: TarHeader, extensions: Extensions): number {
  const isFile = TYPES[header.typeFlag] === 'file';
  return isFile ? (numberOf(extensions, 'size') ?? header.size) : 0;
}

/** @throws ImageError BAD_ARCHIVE for an unknown type or a record that cannot be read. */
export function combine(header: TarHeader, extensions: Extensions, sparse?: SparseFile): TarEntry {
  const { records, longName, longLink } = extensions;
  const bytes = records.get('GNU.sparse.name') ?? records.get('path') ?? longName ?? header.name;
  const name = decodeName(Buffer.from(bytes));
  const linkName = records.get('linkpath') ?? longLink ?? header.linkName;
  const atime = timeOf(extensions, 'atime');
  return {
    name,
    type: typeOf(header, name),
    mode: header.mode & 0o7777,
    uid: numberOf(extensions, 'uid') ?? header.uid,
    gid: numberOf(extensions, 'gid') ?? header.gid,
    size: sparse?.size ?? storedSize(header, extensions),
    mtime: timeOf(extensions, 'mtime') ?? BigInt(header.mtime) * 1_000_000_000n,
    ...(atime !== undefined && { atime }),
    linkName: decodeName(Buffer.from(linkName)),
    major: header.major,
    minor: header.minor,
    xattrs: attributesOf(extensions),
    ...(sparse !== undefined && { sparse: sparse.extents }),
  };
}

/** In the oldest archives a directory is a file whose name ends with a slash. */
function typeOf({ typeFlag }: TarHeader, name: string): EntryType {
  const type = TYPES[typeFlag];
  if (type !== undefined) return type === 'file' && name.endsWith('/') ? 'directory' : type;
  const what = `${JSON.stringify(name)} in the archive is of the unknown type`;
  throw new ImageError(
    'BAD_ARCHIVE',
    `${what} ${JSON.stringify(typeFlag)}: make the layer with tar --format=pax`,
  );
}

/** GNU tar writes `=` and `%` of an attribute's name as in a URL. */
function attributesOf({ records }: Extensions): Map<string, Uint8Array> {
  const attributes = new Map<string, Uint8Array>();
  for (const [keyword, value] of records) {
    if (!keyword.startsWith(XATTR)) continue;
    const name = keyword.slice(XATTR.length).replaceAll('%3D', '=').replaceAll('%25', '%');
    attributes.set(name, value);
  }
  return attributes;
}

function timeOf({ records }: Extensions, keyword: string): bigint | undefined {
  const value = records.get(keyword);
  return value === undefined ? undefined : readTime(Buffer.from(value).toString('latin1'));
}

/** A whole number in decimal, as pax writes sizes and owners. */
export function numberOf({ records }: Extensions, keyword: string): number | undefined {
  const value = records.get(keyword);
  if (value === undefined) return undefined;
  const text = Buffer.from(value.subarray(0, 20)).toString('latin1');
  const number = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(number)) return number;
  const shown = `${keyword}=${JSON.stringify(text)}`;
  throw new ImageError('BAD_ARCHIVE', `${shown} in a tar header is no number: it is damaged`);
}
