/** The first operations: nothing of this process's descriptors and signals reaches the container. */
import {
  AT_FDCWD,
  bytes,
  O_CLOEXEC,
  O_WRONLY,
  PR_SET_DUMPABLE,
  SIG_SETMASK,
  SIGPIPE,
  SIGXFSZ,
  type SyscallProgram,
} from '../../sys/index.ts';

/** Closes every descriptor that is not named (CVE-2024-21626): a created container may wait for days. */
export function appendCloseOthers(program: SyscallProgram, keep: readonly number[]): void {
  let next = 0;
  for (const fd of [...new Set(keep)].toSorted((a, b) => a - b)) {
    if (fd > next) program.call('close_range', [next, fd - 1, 0]);
    next = fd + 1;
  }
  program.call('close_range', [next, 0xffffffff, 0]);
}

/** An empty mask, and default actions for what Node ignores; execve(2) would keep both. */
export function appendDefaultSignals(program: SyscallProgram): void {
  program.call('rt_sigprocmask', [SIG_SETMASK, bytes(new Uint8Array(8), '[]'), null, 8]);
  const byDefault = bytes(new Uint8Array(32), '{SIG_DFL}');
  for (const signal of [SIGPIPE, SIGXFSZ])
    program.call('rt_sigaction', [signal, byDefault, null, 8]);
}

/** The modes of files and nodes that are made are those asked for; the process sets its own later. */
export function appendNoUmask(program: SyscallProgram): void {
  program.call('umask', [0]);
}

/** Nothing in the container may look into this process before execve(2) (CVE-2016-9962). */
export function appendDumpable(program: SyscallProgram, dumpable: boolean): void {
  program.call('prctl', [PR_SET_DUMPABLE, dumpable ? 1 : 0, 0, 0, 0]);
}

/** A negative change needs CAP_SYS_RESOURCE on the host, so it comes before any user namespace. */
export function appendOomScore(
  program: SyscallProgram,
  score: number | undefined,
  rootless: boolean,
): void {
  if (score === undefined) return;
  program.from('/process/oomScoreAdj', () => {
    appendWriteFile(program, '/proc/self/oom_score_adj', String(score), rootless);
  });
}

function appendWriteFile(
  program: SyscallProgram,
  path: string,
  text: string,
  tolerant = false,
): void {
  const options = tolerant ? ({ tolerate: 'EACCES' } as const) : {};
  const file = program.call('openat', [AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0]);
  program.call('write', [file, text, Buffer.byteLength(text)], options);
  program.call('close', [file]);
}
