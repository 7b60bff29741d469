/**
 * A user namespace's mapping on a snapshot: containerd's labels, its mount options, and the owner
 * of a new root directory.
 */
import type { LinuxIdMapping } from '../../oci/index.ts';
import { SnapshotError } from './errors.ts';
import type { Labels } from './types.ts';

/** containerd's labels: `CONTAINER:HOST:SIZE`, several joined by commas. */
export const UID_MAPPING_LABEL = 'containerd.io/snapshot/uidmapping';
export const GID_MAPPING_LABEL = 'containerd.io/snapshot/gidmapping';

/** The labels as the mount options that containerd uses for them. */
export function mappingOptions(labels: Labels): string[] {
  const uids = labels[UID_MAPPING_LABEL];
  const gids = labels[GID_MAPPING_LABEL];
  return uids === undefined || gids === undefined ? [] : [`uidmap=${uids}`, `gidmap=${gids}`];
}

/** The owner on disk of a directory that the container sees with the owner of `stats`, or root. */
export function mappedRoot(
  labels: Labels,
  stats: { uid: bigint; gid: bigint } | undefined,
): { uid: number; gid: number } | undefined {
  const uids = labels[UID_MAPPING_LABEL];
  const gids = labels[GID_MAPPING_LABEL];
  if (uids === undefined || gids === undefined) return undefined;
  return {
    uid: mapId(parseMappings(uids), Number(stats?.uid ?? 0)),
    gid: mapId(parseMappings(gids), Number(stats?.gid ?? 0)),
  };
}

/** @throws SnapshotError INVALID_ARGUMENT if the text is no list of mappings. */
export function parseMappings(text: string): LinuxIdMapping[] {
  return text.split(',').map((each) => {
    const [containerID, hostID, size, ...rest] = each.split(':').map(Number);
    const numbers = [containerID, hostID, size];
    if (rest.length > 0 || !numbers.every((number) => Number.isSafeInteger(number))) {
      const message = `"${text}" is no id mapping: write CONTAINER:HOST:SIZE, joined by commas`;
      throw new SnapshotError('INVALID_ARGUMENT', text, message);
    }
    return { containerID: containerID ?? 0, hostID: hostID ?? 0, size: size ?? 0 };
  });
}

function mapId(mappings: readonly LinuxIdMapping[], id: number): number {
  const mapping = mappings.find(
    ({ containerID, size }) => id >= containerID && id < containerID + size,
  );
  return mapping === undefined ? id : mapping.hostID + id - mapping.containerID;
}
