// The mount table of a container, as it sees it itself (proc_pid_mountinfo(5)).

import type { Box } from './box.ts';
import { Mismatch } from './case.ts';

export interface Mount {
  /** Folder of the filesystem that is mounted. */
  root: string;
  destination: string;
  /** Options of this mount, as `nosuid`. */
  options: string[];
  /** Propagation, as `shared`, `master`, `unbindable`; numbers removed. Empty for private. */
  propagation: string[];
  type: string;
  /** Options of the filesystem (the superblock). */
  superOptions: string[];
}

export function parseMounts(text: string): Mount[] {
  return text
    .split('\n')
    .filter((line) => line.includes(' - '))
    .map((line) => {
      const [mount = '', filesystem = ''] = line.split(' - ');
      const [, , , root = '', destination = '', options = '', ...propagation] = mount.split(' ');
      const [type = '', , superOptions = ''] = filesystem.split(' ');
      return {
        root,
        destination,
        options: options.split(','),
        propagation: propagation.map((tag) => tag.replace(/:\d+$/, '')),
        type,
        superOptions: superOptions.split(','),
      };
    });
}

/** Runs the container and answers the mount that one sees at `destination`. */
export async function mountAt(box: Box, destination: string): Promise<Mount> {
  const result = await box.run('cat /proc/self/mountinfo');
  box.succeeded(result, 'the container runs');
  const found = parseMounts(result.out).findLast((mount) => mount.destination === destination);
  if (found === undefined) {
    throw new Mismatch(`a mount at ${destination}`, 'one', result.out.slice(-300));
  }
  return found;
}
