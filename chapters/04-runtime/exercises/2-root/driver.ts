/** Runs the learner's root in a process of its own mount namespace; see processes.ts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RootfsPropagation } from 'coracle/oci';
import {
  AT_FDCWD,
  attachMount,
  CLONE_NEWNS,
  cloneTree,
  MS_PRIVATE,
  O_PATH,
  setMountAttributes,
  SyscallProgram,
  type Argument,
  type Result,
} from 'coracle/sys';
import { settle, type Outcome } from '../../../../tests/grader/learner/settle.ts';
import { mountTmpfs, PLACE, shareMounts } from '../mounts.ts';

interface Learner {
  appendRootMount(
    program: SyscallProgram,
    rootfs: string,
    propagation: RootfsPropagation | undefined,
  ): Result;
  appendPivotRoot(program: SyscallProgram, root: Argument): void;
}

const ROOTFS = path.join(PLACE, 'rootfs');
/** A mount below a shared one, which is what spreads. */
const DATA = path.join(PLACE, 'data');
/** There the new root is mounted whose parent is private. */
const ELSEWHERE = '/srv';

/** Both, one after the other: what the first returns is the second's root. */
export function both(learner: Learner): SyscallProgram {
  const program = new SyscallProgram();
  learner.appendPivotRoot(program, learner.appendRootMount(program, '/b/rootfs', undefined));
  return program;
}

/** A process that has made the root its own, and changed to it. */
export function enter(learner: Learner): Outcome {
  prepare();
  return settle((program) => {
    program.call('unshare', [CLONE_NEWNS]);
    learner.appendPivotRoot(program, learner.appendRootMount(program, ROOTFS, undefined));
  });
}

/** A process that has mounted its root only. */
export function mountRoot(learner: Learner, propagation: RootfsPropagation): Outcome {
  prepare();
  return settle((program) => {
    program.call('unshare', [CLONE_NEWNS]);
    learner.appendRootMount(program, ROOTFS, propagation);
  });
}

/** Changes to a root that is ready, from an old one with shared mounts below it. */
export function pivotFromShared(learner: Learner): Outcome {
  prepare();
  return settle((program) => {
    program.call('unshare', [CLONE_NEWNS]);
    program.call('mount', [null, '/', null, MS_PRIVATE, null]);
    const root = cloneTree(program, ROOTFS, false);
    setMountAttributes(program, root, { propagation: MS_PRIVATE }, false);
    attachMount(program, root, program.call('openat', [AT_FDCWD, ELSEWHERE, O_PATH, 0]));
    learner.appendPivotRoot(program, root);
  });
}

let prepared = false;

/** The host's mounts of the check: PLACE and, below it, DATA. */
function prepare(): void {
  if (prepared) return;
  prepared = true;
  shareMounts();
  mountTmpfs(PLACE);
  mkdirSync(ROOTFS);
  writeFileSync(path.join(ROOTFS, 'inside'), '');
  mountTmpfs(DATA);
}
