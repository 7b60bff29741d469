/** Runs the learner's masks in a process of its own mount namespace; see processes.ts. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AT_FDCWD, CLONE_NEWNS, O_PATH, type Argument, type SyscallProgram } from 'coracle/sys';
import { settle, type Outcome } from '../../../../tests/grader/learner/settle.ts';
import { mountTmpfs, PLACE } from '../mounts.ts';

type AppendPaths = (program: SyscallProgram, root: Argument, paths: readonly string[]) => void;

interface Learner {
  readonly appendReadonlyPaths: AppendPaths;
  readonly appendMaskedPaths: AppendPaths;
}

const ROOT = path.join(PLACE, 'root');
const OUTSIDE = path.join(PLACE, 'outside');

export function mask(learner: Learner, paths: readonly string[]): Outcome {
  return run(learner.appendMaskedPaths, paths);
}

export function makeReadonly(learner: Learner, paths: readonly string[]): Outcome {
  return run(learner.appendReadonlyPaths, paths);
}

function run(append: AppendPaths, paths: readonly string[]): Outcome {
  prepare();
  return settle((program) => {
    program.call('unshare', [CLONE_NEWNS]);
    append(program, program.call('openat', [AT_FDCWD, ROOT, O_PATH, 0]), paths);
  });
}

let prepared = false;

/**
 *     /mnt/root/secret          a file
 *     /mnt/root/keys/one        a directory with a file
 *     /mnt/root/data, data/sub  two mounts, one in the other
 *     /mnt/root/escape          a symlink to /mnt/outside, which has a file
 */
function prepare(): void {
  if (prepared) return;
  prepared = true;
  mountTmpfs(PLACE);
  for (const directory of [path.join(ROOT, 'keys'), OUTSIDE]) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, 'one'), 'a key\n');
  }
  writeFileSync(path.join(ROOT, 'secret'), 'a secret\n');
  symlinkSync(OUTSIDE, path.join(ROOT, 'escape'));
  mountTmpfs(path.join(ROOT, 'data'));
  mountTmpfs(path.join(ROOT, 'data/sub'));
}
