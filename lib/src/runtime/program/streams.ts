/** Standard streams and the terminal. */
import type { Process } from '../../oci/index.ts';
import {
  AT_FDCWD,
  attachMount,
  bytes,
  cloneTree,
  F_DUPFD_CLOEXEC,
  O_CLOEXEC,
  O_NOCTTY,
  O_RDWR,
  openInRoot,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_SYMLINKS,
  TIOCGPTPEER,
  TIOCSCTTY,
  TIOCSPTLCK,
  TIOCSWINSZ,
  type Argument,
  type Result,
  type SyscallProgram,
} from '../../sys/index.ts';
import { appendSendMessage } from './send.ts';
import { appendTarget } from './target.ts';

/** What becomes 0, 1 and 2, and how it is now. */
export interface Streams {
  readonly stdio: readonly [number, number, number];
  readonly stdioKinds: readonly ('null' | 'foreign' | 'own')[];
}

/** Puts the three descriptors at 0, 1 and 2, where they are not there already. */
export function appendStreams(program: SyscallProgram, { stdio }: Streams): void {
  if (stdio.every((fd, index) => fd === index)) return;
  // First out of each other's way, then down.
  const copies = stdio.map((fd) => program.call('fcntl', [fd, F_DUPFD_CLOEXEC, 3]));
  for (const [index, copy] of copies.entries()) {
    program.call('dup3', [copy, index, 0]);
    program.call('close', [copy]);
  }
}

/**
 * A stream that is the host's /dev/null becomes the container's, and others go to its user.
 *
 * Otherwise a container could change the owner or mode of the host's device node.
 */
export function appendOwnStreams(
  program: SyscallProgram,
  streams: Streams,
  { user }: Process,
): void {
  for (const [index, kind] of streams.stdioKinds.entries()) {
    if (kind === 'foreign')
      program.call('fchown', [index, user.uid, user.gid], { tolerate: 'any' });
    if (kind === 'null') appendReopenNull(program, index);
  }
}

/** Only where the runtime has made the node itself: an image may have anything by that name. */
function appendReopenNull(program: SyscallProgram, index: number): void {
  const file = openInRoot(program, AT_FDCWD, '/dev/null', O_RDWR, {
    resolve: RESOLVE_NO_SYMLINKS,
    tolerate: 'ENOENT',
  });
  program.skipWhen(file, 'error', () => {
    program.call('dup3', [file, index, 0]);
    program.call('close', [file]);
  });
}

export interface TerminalOptions {
  readonly process: Process;
  /** Below which the container's /dev/pts is; AT_FDCWD when it is this process's root. */
  readonly root: Argument;
  /** The container has a devpts of its own; else the host's serves. */
  readonly ownPts: boolean;
  /** A connected Unix socket that gets the master. */
  readonly consoleFd: number;
  /** Also bind the terminal at /dev/console. */
  readonly console: boolean;
}

/**
 * Opens a pseudoterminal, sends its master out, and makes its slave 0, 1, 2 and the controlling
 * terminal (pty(7), ioctl_tty(2)). The process must be a session leader.
 *
 * The slave comes from the master by TIOCGPTPEER, and /dev/console is bound from that descriptor:
 * no name is looked up that the container could have replaced (CVE-2025-52565).
 */
export function appendTerminal(program: SyscallProgram, options: TerminalOptions): void {
  program.from('/process/terminal', () => {
    const master = openMaster(program, options);
    program.call('ioctl', [master, TIOCSPTLCK, bytes(new Uint8Array(4), '[0]')]);
    appendWindowSize(program, master, options.process);
    const slave = program.call('ioctl', [master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC]);
    program.call('fchown', [slave, options.process.user.uid, -1], { tolerate: 'any' });
    if (options.console) {
      const target = appendTarget(program, options.root, '/dev/console', 'file');
      const tree = cloneTree(program, { fd: slave }, false);
      attachMount(program, tree, target);
      program.call('close', [tree]);
      program.call('close', [target]);
    }
    appendSendMessage(program, options.consoleFd, bytes(Buffer.from('/dev/ptmx')), [master]);
    program.call('ioctl', [slave, TIOCSCTTY, null]);
    for (const stream of [0, 1, 2]) program.call('dup3', [slave, stream, 0]);
    program.call('close', [slave]);
    program.call('close', [master]);
    program.call('close', [options.consoleFd]);
  });
}

function openMaster(program: SyscallProgram, { root, ownPts }: TerminalOptions): Result {
  const flags = O_RDWR | O_NOCTTY;
  if (!ownPts) return program.call('openat', [AT_FDCWD, '/dev/ptmx', flags | O_CLOEXEC, 0]);
  const resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS;
  return openInRoot(program, root, 'dev/pts/ptmx', flags, { resolve });
}

/** `struct winsize`: rows, columns; the pixels stay 0. */
function appendWindowSize(
  program: SyscallProgram,
  master: Argument,
  { consoleSize }: Process,
): void {
  if (consoleSize === undefined) return;
  const { height, width } = consoleSize;
  const size = Buffer.alloc(8);
  size.writeUInt16LE(height, 0);
  size.writeUInt16LE(width, 2);
  program.call('ioctl', [master, TIOCSWINSZ, bytes(size, `{rows=${height}, cols=${width}}`)], {
    source: '/process/consoleSize',
  });
}
