/** `tmpcopyup`: a new tmpfs starts with what the image has at that place (an extension of runc's). */
import { cpSync, lchownSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Copies a tree between two open directories, with owners and modes; symlinks stay symlinks.
 *
 * Both are reached by descriptor, so no name of the container is looked up on the way there.
 */
export function copyTree(fromFd: number, toFd: number): void {
  const from = `/proc/self/fd/${fromFd}`;
  const to = `/proc/self/fd/${toFd}`;
  cpSync(`${from}/.`, `${to}/.`, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
  });
  copyOwners(`${from}/.`, `${to}/.`);
}

function copyOwners(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const { uid, gid } = lstatSync(join(from, entry.name));
    lchownSync(join(to, entry.name), uid, gid);
    if (entry.isDirectory()) copyOwners(join(from, entry.name), join(to, entry.name));
  }
}
