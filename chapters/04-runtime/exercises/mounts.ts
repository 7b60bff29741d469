/**
 * Mounts for the drivers. The learner's process is in a mount namespace of its own, which vanishes
 * with it: nothing that is mounted here needs to be removed.
 */
import { mkdirSync } from 'node:fs';
import { mount, MS_REC, MS_SHARED } from 'coracle/sys';

/** By this source are the mounts of a check found again among all others. */
export const SOURCE = 'exercise';
/** The place for them; whatever is there is hidden from the learner's process alone. */
export const PLACE = '/mnt';

/** Mounts a new tmpfs; its directory is made. */
export function mountTmpfs(directory: string): void {
  mkdirSync(directory, { recursive: true });
  mount(SOURCE, directory, 'tmpfs', 0);
}

/** Makes the mounts of the learner's process shared, as those of a host with systemd are. */
export function shareMounts(): void {
  mount('none', '/', '', MS_REC | MS_SHARED);
}
