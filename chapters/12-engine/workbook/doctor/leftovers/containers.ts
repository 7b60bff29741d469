/** Containers in the runtime's default place that nobody will delete any more. */
import { openSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from 'coracle/base';
import { Runtime } from 'coracle/runtime';
import { Descriptor, flock, hasCode, LOCK_NB, LOCK_SH } from 'coracle/sys';
import { entries } from '../../machine/folders.ts';
import type { IsMine, Leftover } from './leftover.ts';

/** Where `coracle-runtime` keeps its containers without --root. */
function stateRoot(): string {
  const own = process.env['XDG_RUNTIME_DIR'];
  return process.geteuid?.() === 0 || own === undefined
    ? '/run/coracle'
    : path.join(own, 'coracle');
}

/** The leftovers, and the first processes of all containers that live. */
export function findContainers(
  isMine: IsMine,
  root: string = stateRoot(),
): { readonly containers: Leftover[]; readonly pids: ReadonlySet<number> } {
  const runtime = new Runtime({ root });
  const pids = new Set<number>();
  const containers: Leftover[] = [];
  for (const id of entries(root, 'folders')) {
    // The runtime's own, such as the cache of filters.
    if (id.startsWith('.')) continue;
    const { name, pid, ...rest } = judge(runtime, root, id);
    if (pid !== undefined) pids.add(pid);
    else if (isMine(id)) containers.push({ kind: 'container', name, ...rest });
  }
  return { containers, pids };
}

/** Stopped, or half made by a command that has died; `pid` if it lives. */
function judge(
  runtime: Runtime,
  root: string,
  id: string,
): Omit<Leftover, 'kind'> & { readonly pid?: number } {
  const remove = (): void => runtime.delete(id, { force: true });
  if (isLocked(path.join(root, id))) return { name: id, kept: 'a command is at work on it' };
  try {
    const { status, pid } = runtime.state(id);
    if (pid !== undefined) return { name: id, pid };
    return { name: `${id} (${status})`, remove };
  } catch (error) {
    if (hasCode(error, 'CONTAINER_NOT_FOUND')) return { name: `${id} (half made)`, remove };
    return { name: id, kept: messageOf(error) };
  }
}

/** Every command that changes a container holds a lock on its directory. */
function isLocked(directory: string): boolean {
  try {
    using folder = new Descriptor(openSync(directory, 'r'));
    flock(folder.fd, LOCK_SH | LOCK_NB);
    return false;
  } catch (error) {
    return hasCode(error, 'EAGAIN');
  }
}
