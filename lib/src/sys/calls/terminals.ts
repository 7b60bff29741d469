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

/** What would make signals of keys, edit lines, or translate. */
const COOKED_INPUT =
  TTY.IGNBRK | TTY.BRKINT | TTY.PARMRK | TTY.ISTRIP | TTY.INLCR | TTY.IGNCR | TTY.ICRNL | TTY.IXON;
const COOKED_LINE = TTY.ECHO | TTY.ECHONL | TTY.ICANON | TTY.ISIG | TTY.IEXTEN;

/**
 * The same settings with everything passed on as it is, in both directions, like cfmakeraw(3). Pure.
 */
export function rawTermios(termios: Termios): Termios {
  const raw = termios.slice();
  change(raw, TERMIOS.c_iflag, { clear: COOKED_INPUT });
  change(raw, TERMIOS.c_oflag, { clear: TTY.OPOST });
  change(raw, TERMIOS.c_lflag, { clear: COOKED_LINE });
  change(raw, TERMIOS.c_cflag, { clear: TTY.CSIZE | TTY.PARENB, set: TTY.CS8 });
  raw[TERMIOS.c_cc + TTY.VMIN] = 1;
  raw[TERMIOS.c_cc + TTY.VTIME] = 0;
  return raw;
}

/** Rows and columns, in characters. */
export interface WindowSize {
  readonly height: number;
  readonly width: number;
}

/** `ioctl(fd, TIOCGWINSZ, struct winsize *)`. */
export function getWindowSize(fd: number): WindowSize {
  const size = Buffer.alloc(WINSIZE.sizeof);
  syscall('ioctl', fd, TTY.TIOCGWINSZ, size);
  return { height: size.readUInt16LE(WINSIZE.ws_row), width: size.readUInt16LE(WINSIZE.ws_col) };
}

/** `ioctl(fd, TIOCSWINSZ, const struct winsize *)`: SIGWINCH for those in front of it, if it differs. */
export function setWindowSize(fd: number, { height, width }: WindowSize): void {
  const size = Buffer.alloc(WINSIZE.sizeof);
  size.writeUInt16LE(height, WINSIZE.ws_row);
  size.writeUInt16LE(width, WINSIZE.ws_col);
  syscall('ioctl', fd, TIOCSWINSZ, size);
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
