/**
 * Where the drivers of kernel checks have their layers: a tmpfs over /dev/shm, in the mount namespace
 * of the learner's process. It is gone when that ends, with every mount in it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unmount } from 'coracle/overlayfs';
import { mount } from 'coracle/sys';

export const STAGE = '/dev/shm';

let isSet = false;

/** An empty stage, in place of the one before and all that was mounted there. */
export function setStage(): void {
  if (isSet) unmount(STAGE, { lazy: true });
  isSet = true;
  mount('tmpfs', STAGE, 'tmpfs', 0, '');
}

/** Makes a directory with files, by name and contents; a name that ends in `/` is a directory. */
export function makeDirectory(name: string, files: Readonly<Record<string, string>> = {}): string {
  const directory = path.join(STAGE, name);
  mkdirSync(directory, { recursive: true });
  for (const [file, contents] of Object.entries(files)) {
    const at = path.join(directory, file);
    mkdirSync(file.endsWith('/') ? at : path.dirname(at), { recursive: true });
    if (!file.endsWith('/')) writeFileSync(at, contents);
  }
  return directory;
}
