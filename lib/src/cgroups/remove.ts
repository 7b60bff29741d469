/**
 * Removes cgroups: rmdir(2), children first, patient for a moment.
 *
 * A process that has been killed stays in its cgroup until the kernel has torn it down, so EBUSY
 * right after a kill is normal. The patience is bounded; after it the error names who is still in.
 */
import { readdirSync, rmdirSync } from 'node:fs';
import { CgroupError, errnoOf } from './errors.ts';
import { readOptional } from './files.ts';
import { sleepSync } from './sleep.ts';

/** For all directories of a container together, in milliseconds. */
const PATIENCE = 1000;

/**
 * Removes the cgroups and those below them, trying each before the first error is thrown. Gone
 * already is fine. Errors: `CGROUP_BUSY` after a second, `CGROUP_REMOVE`.
 */
export function removeCgroups(directories: Iterable<string>): void {
  const deadline = performance.now() + PATIENCE;
  const errors: unknown[] = [];
  for (const directory of directories) {
    try {
      removeCgroup(directory, deadline);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

function removeCgroup(directory: string, deadline: number): void {
  for (let wait = 1; ; wait *= 2) {
    const errno = tryRemove(directory);
    if (errno === undefined) return;
    const mayPass = errno === 'EBUSY' || errno === 'ENOTEMPTY';
    if (!mayPass || performance.now() > deadline) throw removeError(directory, errno);
    if (!removeChildren(directory, deadline)) sleepSync(Math.min(wait, 50));
  }
}

function tryRemove(directory: string): string | undefined {
  try {
    rmdirSync(directory);
    return undefined;
  } catch (error) {
    const errno = errnoOf(error);
    return errno === 'ENOENT' ? undefined : (errno ?? 'unknown');
  }
}

/** True if there were any. */
function removeChildren(directory: string, deadline: number): boolean {
  const children = readdirSync(directory, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  for (const child of children) removeCgroup(`${directory}/${child.name}`, deadline);
  return children.length > 0;
}

function removeError(file: string, errno: string): CgroupError {
  const inside = (readOptional(`${file}/cgroup.procs`) ?? '').split('\n').join(', ');
  const [code, why] = inside
    ? ['CGROUP_BUSY', `processes are still in it: ${inside}; kill them first`]
    : ['CGROUP_REMOVE', 'see that it is writable and mounted'];
  return new CgroupError(code, `cannot remove cgroup ${file}: ${errno}; ${why}`, { file, errno });
}
