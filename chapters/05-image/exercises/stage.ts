/**
 * Where the drivers of kernel checks have their files: a tmpfs over /dev/shm, in the mount namespace
 * of the learner's process. It is gone when that ends.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unmount } from 'coracle/overlayfs';
import { mount } from 'coracle/sys';

export const STAGE = '/dev/shm';

let isSet = false;

/** An empty stage, in place of the one before. */
export function setStage(): void {
  if (isSet) unmount(STAGE, { lazy: true });
  isSet = true;
  mount('tmpfs', STAGE, 'tmpfs', 0, '');
}

/** Files by name and contents; a name that ends in `/` is a directory. */
export function makeFiles(files: Readonly<Record<string, string>>): void {
  for (const [name, contents] of Object.entries(files)) {
    const at = path.join(STAGE, name);
    mkdirSync(name.endsWith('/') ? at : path.dirname(at), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(at, contents);
  }
}
