// A runtime under test: a binary that speaks the runc command line, and how to call it on this host.

import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import type { Host } from './host.ts';

export interface Runtime {
  /** Column head in the table. */
  name: string;
  path: string;
  /** Words that come before the runtime's own arguments. */
  command: readonly string[];
  /** Version of the specification that it says it implements, as `1.0`. */
  spec: string;
  /** False when commands run in a mount namespace of their own (see `withoutUnified`). */
  sharesMountNamespace: boolean;
}

/** Asks the binary at `path` for its version and decides how it can be run here. */
export function openRuntime(path: string, host: Host): Runtime {
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' });
  const isCrun = /^crun /m.test(version);
  const wrapped = isCrun && host.cgroups === 'hybrid';
  return {
    name: basename(path).replace(/-runtime$/, ''),
    path,
    command: wrapped ? withoutUnified(path) : [path],
    spec: /^spec: (\d+\.\d+)/m.exec(version)?.[1] ?? '1.0',
    sharesMountNamespace: !wrapped,
  };
}

/** True when a requirement is newer than what the runtime claims to implement. */
export function isNewerThan(since: string | undefined, runtime: Runtime): boolean {
  return since !== undefined && Number(since) > Number(runtime.spec);
}

/**
 * Debian's crun refuses a host where a v2 tree stands beside v1. It looks only at its own mount
 * namespace, so each command gets a copy of ours in which that tree is not mounted.
 */
function withoutUnified(path: string): string[] {
  const script = 'umount /sys/fs/cgroup/unified; exec "$@"';
  return ['unshare', '--mount', '--propagation', 'unchanged', 'sh', '-c', script, 'sh', path];
}
