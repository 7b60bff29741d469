/**
 * `node swap.ts FOLDER OUTSIDE`: swaps FOLDER/data between a directory and a symlink to OUTSIDE,
 * in one step each (renameat2(2), RENAME_EXCHANGE), until it is killed. Says `ready` first.
 */
import { mkdirSync, symlinkSync } from 'node:fs';
import { AT_FDCWD, syscall } from 'coracle/sys';

const RENAME_EXCHANGE = 2;

const [folder = '', outside = ''] = process.argv.slice(2);
process.chdir(folder);
mkdirSync('data');
symlinkSync(outside, 'other');
console.log('ready');
for (;;) {
  swap();
  spin(0.05);
  swap();
  // More often a directory: some containers shall get through.
  spin(0.2);
}

function swap(): void {
  const result = syscall('renameat2', AT_FDCWD, 'data', AT_FDCWD, 'other', RENAME_EXCHANGE);
  if (result < 0) throw new Error(`renameat2: errno ${-result}`);
}

/** Milliseconds; a timer would be too coarse. */
function spin(duration: number): void {
  const end = performance.now() + duration;
  while (performance.now() < end);
}
