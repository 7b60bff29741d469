/**
 * Two terminals made one: ours, in raw mode, and the container's, which does all the processing.
 *
 *     our stdin → master,  master → our stdout,  our size → its size
 *
 * Life cycle: `open` finds our terminal → `attach` joins it with the container's → `drain` after the
 * container's end → `restore`.
 */
import { openSync, writeSync } from 'node:fs';
import { isatty, ReadStream } from 'node:tty';
import { CoracleError } from 'coracle/base';
import {
  getTermios,
  getWindowSize,
  hasCode,
  rawTermios,
  setNonBlocking,
  setTermios,
  setWindowSize,
  type Descriptor,
  type Termios,
  type WindowSize,
} from 'coracle/sys';
import { writeAll } from '../output.ts';

export class Terminal {
  readonly #own: number;
  readonly #saved: Termios;
  #master: { readonly fd: number; readonly stream: ReadStream } | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor() {
    this.#own = findTerminal();
    this.#saved = getTermios(this.#own);
    // Whatever happens, nobody is left with a terminal in raw mode.
    process.on('exit', this.#reset);
  }

  /** Of ours: the container's begins with the same. */
  get size(): WindowSize {
    return getWindowSize(this.#own);
  }

  /** Takes over the master. */
  attach(master: Descriptor): void {
    const fd = master.release();
    setNonBlocking(fd);
    setWindowSize(fd, this.size);
    setTermios(this.#own, rawTermios(this.#saved));
    process.on('SIGWINCH', this.#resize);
    const stream = new ReadStream(fd);
    this.#master = { fd, stream };
    this.#ended = new Promise((resolve) => {
      // A terminal without a process at its other end is EIO (pty(7)).
      stream.on('error', () => resolve());
      stream.on('close', () => resolve());
    });
    stream.on('data', (chunk: Buffer) => writeAll(1, chunk));
    process.stdin.on('data', (chunk: Buffer) => this.#type(chunk));
    process.stdin.on('error', () => undefined);
  }

  /** Waits for the last output; a process that holds the terminal open is not waited for long. */
  async drain(): Promise<void> {
    const patience = new Promise<void>((resolve) => {
      setTimeout(resolve, LAST_OUTPUT);
    });
    await Promise.race([this.#ended, patience]);
  }

  /** Gives our terminal its settings back, also when nothing was attached. */
  restore(): void {
    process.off('SIGWINCH', this.#resize);
    this.#reset();
    process.stdin.pause();
    this.#master?.stream.destroy();
    this.#master = undefined;
  }

  readonly #reset = (): void => setTermios(this.#own, this.#saved);

  readonly #resize = (): void => {
    if (this.#master !== undefined) setWindowSize(this.#master.fd, this.size);
  };

  /** The other side may be slow to read: then our input waits, and its output goes on. */
  #type(input: Buffer): void {
    if (this.#master === undefined) return;
    const written = tryWrite(this.#master.fd, input);
    if (written === input.length) return;
    process.stdin.pause();
    setTimeout(() => {
      process.stdin.resume();
      this.#type(input.subarray(written));
    }, 5);
  }
}

/** Milliseconds. */
const LAST_OUTPUT = 300;

/** How many bytes went; all of them when nobody can read them any more. */
function tryWrite(fd: number, input: Buffer): number {
  try {
    return writeSync(fd, input);
  } catch (error) {
    if (hasCode(error, 'EAGAIN')) return 0;
    if (hasCode(error, 'EIO')) return input.length;
    throw error;
  }
}

/** Streams may be redirected, so any of them will do, and then the controlling terminal. */
function findTerminal(): number {
  const stream = [2, 1, 0].find((fd) => isatty(fd));
  if (stream !== undefined) return stream;
  try {
    return openSync('/dev/tty', 'r+');
  } catch (error) {
    throw new CoracleError(
      'NO_TERMINAL',
      'open /dev/tty: no such device or address; the process wants a terminal, and this command ' +
        'has none: run it in one, or use --detach with --console-socket',
      { cause: error },
    );
  }
}
