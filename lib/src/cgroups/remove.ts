/**
 * Removes cgroups: rmdir(2), children first, patient for a moment.
 *
 * A process that has been killed stays in its cgroup until the kernel has torn it down, so EBUSY
 * right after a kill is normal. The patience is bounded; after it the error names who is still in.
 */
import { readdirSync, rmdirSync } from 'node:fs';
import { posix } from 'node:path';
import { CgroupError, errnoOf } from './errors.ts';
import { readOptional } from './files.ts';
import { sleepSync } from './sleep.ts';

/** 1, 2, 4, … ms: about a second in all. */
const ATTEMPTS = 10;

/** Removes one cgroup and those below it. Gone already is fine. Errors: `CGROUP_BUSY`, `CGROUP_REMOVE`. */
export function removeCgroup(directory: string): void {
  for (let attempt = 0; ; attempt += 1) {
    const errno = tryRemove(directory);
    if (errno === undefined) return;
    if (attempt === ATTEMPTS || !['EBUSY', 'ENOTEMPTY'].includes(errno)) {
      throw removeError(directory, errno);
    }
    if (attempt > 0 || !removeChildren(directory)) sleepSync(2 ** attempt);
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
function removeChildren(directory: string): boolean {
  const children = readdirSync(directory, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  for (const child of children) removeCgroup(posix.join(directory, child.name));
  return children.length > 0;
}

function removeError(file: string, errno: string): CgroupError {
  const inside = (readOptional(posix.join(file, 'cgroup.procs')) ?? '').split('\n').join(', ');
  const [code, why] = inside
    ? ['CGROUP_BUSY', `processes are still in it: ${inside}; kill them first`]
    : ['CGROUP_REMOVE', 'see that it is writable and mounted'];
  return new CgroupError(code, `cannot remove cgroup ${file}: ${errno}; ${why}`, { file, errno });
}
