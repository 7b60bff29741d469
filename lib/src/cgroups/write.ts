/**
 * The data that stands between policy and mechanism: one setting of one cgroup.
 *
 * Controllers turn OCI resources into a list of these (pure), `apply.ts` carries the list out. The
 * fields beyond file and value say how the kernel's answer is to be read, so that no controller
 * needs to look at the host first.
 */

/** One number or line written into one cgroup file. */
export interface FileWrite {
  readonly controller: string;
  readonly version: 1 | 2;
  /** The file's name inside the cgroup's directory. */
  readonly file: string;
  readonly value: string;
  /** JSON pointer into the OCI configuration. */
  readonly source: string;
  /** These errnos count as success, for the reason given. */
  readonly tolerate?: { readonly errnos: readonly string[]; readonly because: string };
  /** Written instead when `file` does not exist on this kernel. */
  readonly orElse?: { readonly file: string; readonly value: string };
  /**
   * The kernel checks this value against another of the same controller. If it says EINVAL, the
   * write is tried once more after the controller's other writes: raising and lowering two tied
   * limits then both work, without reading either first.
   */
  readonly tied?: true;
  /** Refuse the value, without writing, when this file's number is not below it. */
  readonly mustExceed?: { readonly file: string; readonly limit: number };
}

/** A device program to attach to a version 2 cgroup, which has no device files. */
export interface ProgramWrite {
  readonly controller: 'devices';
  readonly version: 2;
  readonly file: 'BPF_CGROUP_DEVICE';
  /** The rules in the notation of `devices.list`, for people. */
  readonly value: string;
  readonly source: string;
  /** eBPF instructions, eight bytes each. */
  readonly program: Uint8Array;
}

export type CgroupWrite = FileWrite | ProgramWrite;

/** One line a write, aligned, such as `memory v1  memory.limit_in_bytes = 67108864   ← /linux/…`. */
export function explainWrites(writes: readonly CgroupWrite[]): string {
  const rows = writes.map((write) => ({
    where: `${write.controller} v${write.version}`,
    what: `${write.file} = ${JSON.stringify(write.value)}`,
    source: write.source,
  }));
  const width = (key: 'where' | 'what'): number =>
    Math.max(0, ...rows.map((row) => Math.min(row[key].length, 60)));
  const [where, what] = [width('where'), width('what')];
  return rows
    .map((row) => `${row.where.padEnd(where)}  ${row.what.padEnd(what)}  ← ${row.source}`)
    .join('\n');
}
