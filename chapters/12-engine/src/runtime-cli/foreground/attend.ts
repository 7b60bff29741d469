/**
 * A container's process in the foreground: `run` and `exec` without `--detach`.
 *
 *     signals → console socket → launch → terminal → wait → restore
 */
import { killAndCollect, shellCode, type WindowSize } from 'coracle/sys';
import { ConsoleSocket } from './console-socket.ts';
import { childExit } from './exit.ts';
import { SignalForwarder } from './signals.ts';
import { Terminal } from './terminal.ts';

/** Where the process sends its terminal, and how large that is to be; nothing without a terminal. */
export interface Console {
  readonly consoleSocket?: string;
  readonly consoleSize?: WindowSize;
}

export interface Attendance {
  /** Whether the process gets a terminal, joined with ours. */
  readonly terminal: boolean;
  /** Starts the process as a child of this one; its PID. */
  readonly launch: (console: Console) => number;
}

/** Stays until the process has ended. @returns its exit code, or 128 plus the signal. */
export async function attend({ terminal, launch }: Attendance): Promise<number> {
  using signals = new SignalForwarder();
  if (terminal) return await attendTerminal(launch, signals);
  const pid = launch({});
  signals.to(pid);
  return shellCode(await childExit(pid));
}

async function attendTerminal(
  launch: Attendance['launch'],
  signals: SignalForwarder,
): Promise<number> {
  const ours = new Terminal();
  using socket = new ConsoleSocket();
  try {
    const pid = launch({ consoleSocket: socket.path, consoleSize: ours.size });
    return await converse(ours, socket, signals, pid);
  } finally {
    ours.restore();
  }
}

async function converse(
  ours: Terminal,
  socket: ConsoleSocket,
  signals: SignalForwarder,
  pid: number,
): Promise<number> {
  try {
    ours.attach(socket.receive());
  } catch (error) {
    killAndCollect(pid);
    throw error;
  }
  signals.to(pid);
  const status = await childExit(pid);
  await ours.drain();
  return shellCode(status);
}
