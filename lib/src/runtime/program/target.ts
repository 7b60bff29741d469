/**
 * Where a mount or device goes inside the container's root.
 *
 * Every component is made and opened below the root's descriptor with RESOLVE_IN_ROOT, so a symlink
 * that an image planted, or that somebody swaps meanwhile, leads nowhere but into the container
 * (CVE-2021-30465, CVE-2024-45310).
 */
import { posix } from 'node:path';
import {
  load,
  O_CREAT,
  O_PATH,
  O_WRONLY,
  openInRoot,
  place,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
  RESOLVE_NO_SYMLINKS,
  space,
  type Argument,
  type Load,
  type SyscallProgram,
} from '../../sys/index.ts';

const IN_ROOT = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;

/**
 * Opens the target of a mount, making it and its parents where they are missing.
 *
 * @param kind a directory or an empty file, as the mount's source is.
 * @param plain refuse symlinks anywhere in the path, for procfs and sysfs (CVE-2019-19921).
 * @returns the O_PATH descriptor, known when the program runs.
 */
export function appendTarget(
  program: SyscallProgram,
  root: Argument,
  path: string,
  kind: 'directory' | 'file',
  plain = false,
): Load {
  const target = place(space(8));
  const resolve = plain ? RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS : IN_ROOT;
  const relative = posix.join('/', path).slice(1) || '.';
  const found = openInRoot(program, root, relative, O_PATH, {
    resolve,
    tolerate: 'ENOENT',
    storeAt: target,
  });
  program.skipWhen(found, 'success', () => {
    const components = relative.split('/');
    const last = components.pop() ?? '.';
    const parent = appendDirectories(program, root, components);
    if (kind === 'directory') {
      program.call('mkdirat', [parent, last, 0o755], { tolerate: 'EEXIST' });
    } else {
      const flags = O_CREAT | O_WRONLY;
      const file = openInRoot(program, root, relative, flags, { resolve: IN_ROOT, mode: 0o755 });
      program.call('close', [file]);
    }
    program.call('close', [parent]);
    openInRoot(program, root, relative, O_PATH, { resolve, storeAt: target });
  });
  return load(target);
}

/** Makes each directory in turn and opens the last; with none, opens the root again. */
export function appendDirectories(
  program: SyscallProgram,
  root: Argument,
  components: readonly string[],
): Argument {
  let parent = openInRoot(program, root, '.', O_PATH, { resolve: IN_ROOT });
  for (const [index, component] of components.entries()) {
    program.call('mkdirat', [parent, component, 0o755], { tolerate: 'EEXIST' });
    program.call('close', [parent]);
    const path = components.slice(0, index + 1).join('/');
    parent = openInRoot(program, root, path, O_PATH, { resolve: IN_ROOT });
  }
  return parent;
}
