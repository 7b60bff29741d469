/** Exercise 01.3: who writes the maps of a user namespace, and in which order. */
import type { LinuxIdMapping } from '../../oci/index.ts';

/** The mappings of a user namespace: for user ids, and for group ids. */
export interface IdMappings {
  readonly uid: readonly LinuxIdMapping[];
  readonly gid: readonly LinuxIdMapping[];
}

/** Who is to write the maps. */
export interface MapWriter {
  /** Root in the user namespace that the new one is made in. */
  readonly privileged: boolean;
  readonly uid: number;
  readonly gid: number;
}

/** One thing to do: write a file of `/proc/PID`, or run a setuid helper with these arguments. */
export type MapStep =
  | { readonly write: 'uid_map' | 'gid_map' | 'setgroups'; readonly text: string }
  | { readonly run: 'newuidmap' | 'newgidmap'; readonly ranges: readonly string[] };

// #region exercise-01-3
/**
 * The steps that map the ids of a new user namespace, in order. Pure. user_namespaces(7).
 *
 * - Text for a map is one line a mapping: `CONTAINER HOST SIZE\n`.
 * - A privileged writer writes both files itself, `uid_map` first.
 * - Another may write a map itself only if it is a single mapping, of size 1, of the writer's own id.
 *   Any other map is written by newuidmap(1) or newgidmap(1), whose arguments (`ranges`) are the
 *   three numbers of each mapping.
 * - A writer without privileges who writes `gid_map` itself must first give up setgroups(2) there,
 *   by writing `deny` to `setgroups`. It is the first step of all.
 * - A map without mappings is not written.
 */
export function planIdMappings(mappings: IdMappings, writer: MapWriter): MapStep[] {
  const uidSelf = writer.privileged || mapsOnly(mappings.uid, writer.uid);
  const gidSelf = writer.privileged || mapsOnly(mappings.gid, writer.gid);
  const steps: MapStep[] = [];
  if (!writer.privileged && gidSelf) steps.push({ write: 'setgroups', text: 'deny' });
  if (mappings.uid.length > 0) {
    if (uidSelf) steps.push({ write: 'uid_map', text: idMapText(mappings.uid) });
    else steps.push({ run: 'newuidmap', ranges: rangesOf(mappings.uid) });
  }
  if (mappings.gid.length > 0) {
    if (gidSelf) steps.push({ write: 'gid_map', text: idMapText(mappings.gid) });
    else steps.push({ run: 'newgidmap', ranges: rangesOf(mappings.gid) });
  }
  return steps;
}

/** `0 100000 65536`, one line a mapping: inside, outside, size. */
export function idMapText(mappings: readonly LinuxIdMapping[]): string {
  return mappings
    .map(({ containerID, hostID, size }) => `${containerID} ${hostID} ${size}\n`)
    .join('');
}

function rangesOf(mappings: readonly LinuxIdMapping[]): string[] {
  return mappings.flatMap(({ containerID, hostID, size }) =>
    [containerID, hostID, size].map(String),
  );
}

function mapsOnly(mappings: readonly LinuxIdMapping[], id: number): boolean {
  const [first, ...rest] = mappings;
  return rest.length === 0 && first?.hostID === id && first.size === 1;
}
// #endregion exercise-01-3
