/**
 * Runs the learner's fork in real processes:
 *
 *     the learner's process ──▶ the starter ──▶ the program's process ──fork──▶ its child
 *
 * The starter is a process between, which stays: so it shows who the child's parent is. It reports
 * when its children end.
 */
import { NOTICE_FORKED } from 'coracle/namespaces';
import {
  CLONE_NEWPID,
  notify,
  noticeWithValue,
  NOTICE_SIZE,
  SIGCHLD,
  socketpair,
  space,
  spawnProgram,
  SyscallProgram,
  type Block,
  type Notice,
  type ProgramProcess,
} from 'coracle/sys';

interface Learner {
  appendFork(program: SyscallProgram, controlFd: number, cloneArgs: Block | undefined): void;
}

/** What was told, in numbers of the learner's PID namespace. */
interface Told {
  readonly starter: number;
  /** The value of the notice that the fork sends. */
  readonly child: number | undefined;
  /** How many processes went on to the end of the program. */
  readonly ready: number;
  /** The exit status of the first process that ended. */
  readonly ended: number | undefined;
}

const NOTICE_READY = 100;
const NOTICE_ENDED = 101;
const NOTICE_GONE = 102;
const running: ProgramProcess[] = [];

/** @param newPidNamespace the program makes one before it forks. */
export function fork(learner: Learner, newPidNamespace: boolean): Told {
  const [control, childControl] = socketpair();
  const controlFd = childControl.fd;
  const program = new SyscallProgram();
  appendStarter(program, controlFd);
  if (newPidNamespace) program.call('unshare', [CLONE_NEWPID]);
  learner.appendFork(program, controlFd, undefined);
  notify(program, controlFd, NOTICE_READY);
  appendWait(program, controlFd);
  const child = spawnProgram(program, { control, childControl, keep: [], name: 'exercise' });
  running.push(child);
  return listen(child);
}

/** The starter forks, and stays for ever where the program's process goes on. */
function appendStarter(program: SyscallProgram, controlFd: number): void {
  const born = program.call('clone', [SIGCHLD, null, null, null, null]);
  program.skipWhen(born, 'zero', () => {
    const ended = noticeWithValue(NOTICE_ENDED);
    program.call('wait4', [-1, ended.value, 0, null]);
    program.call('write', [controlFd, ended.block, NOTICE_SIZE]);
    const second = program.call('wait4', [-1, null, 0, null], { tolerate: 'ECHILD' });
    program.skipWhen(second, 'error', () => notify(program, controlFd, NOTICE_GONE));
    appendWait(program, controlFd);
    program.call('exit_group', [0]);
  });
}

function appendWait(program: SyscallProgram, controlFd: number): void {
  program.call('read', [controlFd, space(8), 8]);
}

/** Three notices come: the fork's own, of who goes on, of who ends. If both go on there are two. */
function listen(child: ProgramProcess): Told {
  const notices: (Notice | undefined)[] = [];
  const values = (tag: number): number[] =>
    notices.flatMap((notice) => (notice?.tag === tag ? [notice.value] : []));
  while (notices.length < 3 && values(NOTICE_READY).length < 2) notices.push(child.receive());
  const [status] = values(NOTICE_ENDED);
  return {
    starter: child.pid,
    child: values(NOTICE_FORKED)[0],
    ready: values(NOTICE_READY).length,
    ended: status === undefined ? undefined : status >> 8,
  };
}
