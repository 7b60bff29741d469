/**
 * Getting a program's process into its cgroups.
 *
 * The cgroups are opened first, while the host's files can be seen and written; what was opened is
 * used by the child alone, so that a limit on processes counts it once, and not its dying parent.
 */
import {
  AT_FDCWD,
  CLONE_INTO_CGROUP,
  CLONE_PARENT,
  notify,
  O_CLOEXEC,
  O_PATH,
  O_WRONLY,
  place,
  space,
  words,
  type Block,
  type Result,
  type SyscallProgram,
} from '../sys/index.ts';
import { NOTICE_CGROUP } from './notices.ts';

/** The cgroups that a process is to be in. */
export interface CgroupPlaces {
  /** Files into which it writes "0", which stands for the writing process. */
  readonly files: readonly string[];
  /**
   * A version 2 cgroup's directory in which it is born (CLONE_INTO_CGROUP, Linux 5.7). Moving a
   * process there later stops every fork and exit in the system for milliseconds (the kernel's
   * cgroup_threadgroup_rwsem).
   */
  readonly into: string | undefined;
  /** The parent puts it there: the process tells that it waits ({@link NOTICE_CGROUP}). */
  readonly byParent?: boolean;
}

/** No cgroup but the one that the process is in. */
export const NO_CGROUPS: CgroupPlaces = { files: [], into: undefined };

/** What {@link appendOpenCgroups} has opened. */
export interface OpenCgroups {
  readonly files: readonly Result[];
  /** `struct clone_args` of clone3(2), with the cgroup's descriptor in it. */
  readonly cloneArgs: Block | undefined;
  /** The descriptor in it. */
  readonly directory: Result | undefined;
  readonly byParent: boolean;
}

const SOURCE = '/linux/cgroupsPath';

/** Opens the cgroups; to be appended before the program enters any namespace. */
export function appendOpenCgroups(program: SyscallProgram, places: CgroupPlaces): OpenCgroups {
  const files = places.files.map((file) =>
    program.call('openat', [AT_FDCWD, file, O_WRONLY | O_CLOEXEC, 0], { source: SOURCE }),
  );
  const { into, byParent = false } = places;
  if (into === undefined) return { files, cloneArgs: undefined, directory: undefined, byParent };
  return { files, ...appendCloneArgs(program, into), byParent };
}

/** Eleven words, of which flags and cgroup are set: a sibling has the exit signal of its model. */
function appendCloneArgs(
  program: SyscallProgram,
  path: string,
): { cloneArgs: Block; directory: Result } {
  const flags = BigInt(CLONE_PARENT) | CLONE_INTO_CGROUP;
  const shown = `{flags=CLONE_PARENT|CLONE_INTO_CGROUP, cgroup=${path}}`;
  const cloneArgs = words([flags, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], shown);
  const directory = program.call('openat', [AT_FDCWD, path, O_PATH | O_CLOEXEC, 0], {
    storeAt: place(cloneArgs, 80),
    source: SOURCE,
  });
  return { cloneArgs, directory };
}

/**
 * Joins what was opened: the process that runs the program from here on. Closes all of it: what is
 * the host's must not be open when the container's files are looked up (CVE-2024-21626).
 */
export function appendJoinCgroups(
  program: SyscallProgram,
  controlFd: number,
  opened: OpenCgroups,
): void {
  const { files, directory, byParent } = opened;
  if (byParent) {
    program.from(SOURCE, () => {
      notify(program, controlFd, NOTICE_CGROUP);
      program.call('read', [controlFd, space(8), 8], { zeroIsFailure: true });
    });
  }
  if (directory !== undefined) program.call('close', [directory]);
  for (const file of files) {
    program.call('write', [file, '0', 1], { source: SOURCE });
    program.call('close', [file]);
  }
}
