/** ioctl_tty(2), termios(3): include/uapi/asm-generic/ioctls.h, termbits.h. */
export const TCGETS = 0x5401;
export const TCSETS = 0x5402;
export const TIOCGWINSZ = 0x5413;

/** `c_iflag`. */
export const IGNBRK = 0x001;
export const BRKINT = 0x002;
export const PARMRK = 0x008;
export const ISTRIP = 0x020;
export const INLCR = 0x040;
export const IGNCR = 0x080;
export const ICRNL = 0x100;
export const IXON = 0x400;

/** `c_oflag`. */
export const OPOST = 0x1;

/** `c_cflag`. */
export const CSIZE = 0x30;
export const CS8 = 0x30;
export const PARENB = 0x100;

/** `c_lflag`. */
export const ISIG = 0x1;
export const ICANON = 0x2;
export const ECHO = 0x8;
export const ECHONL = 0x40;
export const IEXTEN = 0x8000;

/** Indices into `c_cc`. */
export const VTIME = 5;
export const VMIN = 6;
