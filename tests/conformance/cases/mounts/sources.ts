// What the mount cases mount: entries of the config, and folders of the host.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '../../harness/box.ts';

/** A folder beside the bundle with a file `hello` in it. */
export function sourceFolder(box: Box): string {
  const folder = join(box.dir, 'source');
  mkdirSync(folder);
  writeFileSync(join(folder, 'hello'), 'hello\n');
  return folder;
}

export function bind(source: string, destination: string, ...options: string[]): object {
  return { source, destination, type: 'none', options: ['bind', ...options] };
}

export function tmpfs(destination: string, ...options: string[]): object {
  return { source: 'tmpfs', destination, type: 'tmpfs', options };
}

/**
 * A folder with a mount at `below` that holds the file `deep`. It is a bind mount: the kernel maps
 * the ids of a tmpfs only from 6.3 on.
 */
export function nestedSource(box: Box): string {
  const folder = sourceFolder(box);
  const other = join(box.dir, 'below');
  mkdirSync(other);
  box.hostMount('--bind', other, join(folder, 'below'));
  writeFileSync(join(folder, 'below/deep'), '');
  return folder;
}
