/**
 * A real terminal for a client that insists on one, such as `docker exec -it`.
 *
 * util-linux's `script` makes the pseudo terminal and copies between it and our pipes. The
 * command that runs in it first sets the window's size and says which device it is on, so that
 * a test can later resize the window from outside as a terminal emulator would: the kernel then
 * sends SIGWINCH to the client, and a correct client and engine pass the size on.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { output } from './command.ts';
import { until } from './until.ts';

export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

/** What the terminal driver turns into signals and end of file, as typed on a keyboard. */
export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';
export const CTRL_P_CTRL_Q = '\u0010\u0011';

export class Terminal {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<number>;
  #screen = '';
  #seen = 0;
  #ended = false;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    const add = (chunk: Buffer): void => void (this.#screen += chunk.toString('utf8'));
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.stdin.on('error', () => undefined);
    this.#exited = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        this.#ended = true;
        resolve(code ?? -1);
      });
    });
  }

  /** Runs `argv` in a new terminal of that size. */
  static open(argv: readonly string[], size: WindowSize, env?: NodeJS.ProcessEnv): Terminal {
    const resize = `stty rows ${size.rows} cols ${size.columns}`;
    const line = `${resize}; echo "on <$(tty)>"; exec ${argv.map(quote).join(' ')}`;
    const script = ['--quiet', '--return', '--command', line, '/dev/null'];
    const environment = { ...(env ?? process.env), TERM: 'xterm' };
    return new Terminal(spawn('script', script, { env: environment, stdio: 'pipe' }));
  }

  /** Types text as a person would; Enter is a carriage return. */
  type(text: string): void {
    this.#child.stdin.write(text.replaceAll('\n', '\r'));
  }

  /**
   * Waits until `pattern` appears on the screen, after what was waited for before it. Rejects
   * with the whole screen after `limit` milliseconds, and at once if the command has ended.
   */
  async shows(pattern: RegExp, limit = 15_000): Promise<RegExpMatchArray> {
    const what = `${String(pattern)} on the terminal`;
    const found = await until(
      what,
      () => this.#find(pattern) ?? (this.#ended && 'end'),
      limit,
    ).catch(() => undefined);
    if (found === undefined || found === 'end') {
      throw new Error(`no ${what}, which shows ${JSON.stringify(this.#screen)}`);
    }
    this.#seen += (found.index ?? 0) + found[0].length;
    return found;
  }

  /** Gives the window another size, as dragging its corner would. */
  async resize(size: WindowSize): Promise<void> {
    const device = await until('the terminal', () => /on <(.*?)>/.exec(this.#screen)?.[1]);
    await output(['stty', '-F', device, 'rows', `${size.rows}`, 'cols', `${size.columns}`]);
  }

  /** The exit code of the command, once it has ended. Kills it after `limit` milliseconds. */
  async exitCode(limit = 15_000): Promise<number> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), limit);
    const code = await this.#exited;
    clearTimeout(timer);
    return code;
  }

  #find(pattern: RegExp): RegExpMatchArray | undefined {
    return pattern.exec(this.#screen.slice(this.#seen)) ?? undefined;
  }
}

/** A word that a POSIX shell reads back as `text`. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
