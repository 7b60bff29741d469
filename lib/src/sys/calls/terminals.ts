/** Terminals: their settings and size (ioctl_tty(2), termios(3)). */
import { F_GETFL, F_SETFL, O_NONBLOCK } from '../constants/open.ts';
import { TIOCSWINSZ } from '../constants/process.ts';
import * as TTY from '../constants/terminal.ts';
import { LAYOUT } from '../layouts.ts';
import { syscall } from '../libc.ts';

/** The kernel's `struct termios`. */
export type Termios = Uint8Array<ArrayBuffer>;

const { termios: TERMIOS, winsize: WINSIZE } = LAYOUT;

/** `ioctl(fd, TCGETS, struct termios *)`. @throws SyscallError ENOTTY if it is no terminal. */
export function getTermios(fd: number): Termios {
  const termios = new Uint8Array(TERMIOS.sizeof);
  syscall('ioctl', fd, TTY.TCGETS, termios);
  return termios;
}

/** `ioctl(fd, TCSETS, const struct termios *)`: at once, without waiting for output. */
export function setTermios(fd: number, termios: Termios): void {
  syscall('ioctl', fd, TTY.TCSETS, termios);
}

/** Input that cfmakeraw(3) leaves alone: no signals, no editing, no translation. */
const COOKED_INPUT =
  TTY.IGNBRK | TTY.BRKINT | TTY.PARMRK | TTY.ISTRIP | TTY.INLCR | TTY.IGNCR | TTY.ICRNL | TTY.IXON;
const COOKED_LINE = TTY.ECHO | TTY.ECHONL | TTY.ICANON | TTY.ISIG | TTY.IEXTEN;

/**
 * The same settings with every key passed on as it is, like cfmakeraw(3). Pure.
 *
 * Output is still processed: a line feed goes to the start of the line.
 */
export function rawTermios(termios: Termios): Termios {
  const raw = termios.slice();
  change(raw, TERMIOS.c_iflag, { clear: COOKED_INPUT });
  change(raw, TERMIOS.c_lflag, { clear: COOKED_LINE });
  change(raw, TERMIOS.c_cflag, { clear: TTY.CSIZE | TTY.PARENB, set: TTY.CS8 });
  raw[TERMIOS.c_cc + TTY.VMIN] = 1;
  raw[TERMIOS.c_cc + TTY.VTIME] = 0;
  return raw;
}

/** Stops a pseudoterminal from turning a line feed into carriage return and line feed. */
export function clearOnlcr(fd: number): void {
  const termios = getTermios(fd);
  change(termios, TERMIOS.c_oflag, { clear: TTY.ONLCR });
  setTermios(fd, termios);
}

/** Gives one terminal the size of another (`TIOCGWINSZ`, `TIOCSWINSZ`). */
export function copyWindowSize(from: number, to: number): void {
  const size = new Uint8Array(WINSIZE.sizeof);
  syscall('ioctl', from, TTY.TIOCGWINSZ, size);
  syscall('ioctl', to, TIOCSWINSZ, size);
}

/** `fcntl(fd, F_SETFL, … | O_NONBLOCK)`: for everybody who shares the open file. */
export function setNonBlocking(fd: number): void {
  syscall('fcntl', fd, F_SETFL, syscall('fcntl', fd, F_GETFL) | O_NONBLOCK);
}

function change(
  termios: Termios,
  offset: number,
  { clear, set = 0 }: { clear: number; set?: number },
): void {
  const view = new DataView(termios.buffer);
  view.setUint32(offset, (view.getUint32(offset, true) & ~clear) | set, true);
}
