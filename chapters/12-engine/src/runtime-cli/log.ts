/**
 * What the runtime says besides its answers, in the form of runc's logger.
 *
 * Without `--log` lines go to stderr: `time="…" level=error msg="…"`. With it they are appended to
 * that file, as text or as JSON objects; shims take the last line of level `error` for the cause.
 * An error is then told on stderr too, as the plain message.
 */
import { openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { writeAll } from './output.ts';

export type Level = 'error' | 'warning' | 'debug';
type Format = 'text' | 'json';

export interface LogOptions {
  readonly file?: string | undefined;
  readonly format?: Format;
  readonly debug?: boolean;
}

export class Log {
  readonly #fd: number;
  readonly #format: Format;
  readonly #debug: boolean;

  /** @throws ENOENT, EACCES and the like if the file cannot be opened. */
  constructor({ file, format = 'text', debug = false }: LogOptions = {}) {
    // Synchronous and appending: whoever waits for us reads it as soon as we are gone.
    this.#fd = file === undefined ? 2 : openSync(file, 'as', 0o644);
    this.#format = format;
    this.#debug = debug;
  }

  /** The reason why the command fails. */
  error(message: string): void {
    this.#write('error', message);
    if (this.#fd !== 2) writeAll(2, `${message}\n`);
  }

  /** Odd, but no harm done. */
  warning(message: string): void {
    this.#write('warning', message);
  }

  /** Only with `--debug`. */
  debug(message: string): void {
    if (this.#debug) this.#write('debug', message);
  }

  #write(level: Level, message: string): void {
    const style = this.#format === 'text' && isatty(this.#fd) ? 'terminal' : this.#format;
    writeAll(this.#fd, logLine(style, level, message, new Date()));
  }
}

/** One line of the log. Pure. */
export function logLine(
  style: Format | 'terminal',
  level: Level,
  message: string,
  now: Date,
): string {
  const time = `${now.toISOString().slice(0, 19)}Z`;
  switch (style) {
    case 'json':
      return `${JSON.stringify({ level, msg: message, time })}\n`;
    case 'text':
      return `time="${time}" level=${level} msg=${quote(message)}\n`;
    case 'terminal': {
      const { colour, name } = TERMINAL[level];
      return `\u001b[${colour}m${name}\u001b[0m[0000] ${message}\n`;
    }
  }
}

const TERMINAL = {
  error: { colour: 31, name: 'ERRO' },
  warning: { colour: 33, name: 'WARN' },
  debug: { colour: 37, name: 'DEBU' },
} as const;

/** logrus leaves a single plain word without quotes. */
function quote(message: string): string {
  return /^[\w./@^+-]+$/.test(message) ? message : JSON.stringify(message);
}
