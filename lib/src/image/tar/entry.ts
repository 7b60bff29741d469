/** What a tar archive holds, whichever of its dialects it is written in (tar(5)). */

export type EntryType = 'file' | 'directory' | 'symlink' | 'link' | 'char' | 'block' | 'fifo';

/** One file of an archive. */
export interface TarEntry {
  /** As it stands in the archive; see `encodePath` of the overlayfs layer for odd bytes. */
  readonly name: string;
  readonly type: EntryType;
  /** Permissions with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of the file once it is unpacked. */
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly mtime: bigint;
  readonly atime?: bigint;
  /** Where a symlink leads, or the earlier entry that a hard link is. */
  readonly linkName: string;
  readonly major: number;
  readonly minor: number;
  /** Extended attributes by their full name. */
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
  /** Of a sparse file: where its data lies; the rest is holes. */
  readonly sparse?: readonly Extent[];
}

/** A piece of a sparse file, in bytes. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** A header as it stands in one block of 512 bytes. */
export interface TarHeader {
  /** Name, with the prefix of ustar before it. */
  readonly name: Uint8Array;
  readonly linkName: Uint8Array;
  /** The type flag, such as `0` for a file or `x` for an extended header. */
  readonly typeFlag: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes that follow in the archive. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly major: number;
  readonly minor: number;
}

export const BLOCK = 512;
