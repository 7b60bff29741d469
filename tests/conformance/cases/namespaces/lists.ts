// Namespaces for the cases: lists for the config, and processes of the host that hold one.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Box } from '../../harness/box.ts';

/** OCI type → name under /proc/PID/ns and flag of unshare(1). */
export const KINDS: [type: string, file: string, flag: string][] = [
  ['pid', 'pid', '--pid'],
  ['network', 'net', '--net'],
  ['mount', 'mnt', '--mount'],
  ['ipc', 'ipc', '--ipc'],
  ['uts', 'uts', '--uts'],
  ['cgroup', 'cgroup', '--cgroup'],
];

const DEFAULT = ['pid', 'network', 'ipc', 'uts', 'mount'];

/** The default namespaces without `type`, then `more`. */
export function list(type: string, ...more: object[]): object[] {
  return [...DEFAULT.filter((one) => one !== type).map((one) => ({ type: one })), ...more];
}

/** A process of the host in a new namespace, that ends with the case; answers its pid. */
export async function holder(box: Box, flag: string): Promise<number> {
  const argv = [flag, '--fork', '--kill-child', 'sh', '-c', 'echo $$; exec sleep 100'];
  const parent = spawn('unshare', argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  box.undo.push(async () => {
    const gone = once(parent, 'exit');
    parent.kill('SIGKILL');
    await gone;
  });
  await once(parent.stdout, 'data');
  const { pid = 0 } = parent;
  return Number(box.hostCommand('cat', `/proc/${pid}/task/${pid}/children`).trim());
}
