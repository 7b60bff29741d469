/**
 * The grader's side of the learner's process: starts it, asks it, and ends it with all it started.
 *
 * It has little: a moment for each answer, a bound on memory and on what it prints, and no right to
 * write files or start programs (Node's permission model) unless the check needs the kernel. With
 * the kernel it is process 1 of a PID namespace, in a mount namespace of its own: when it ends the
 * kernel ends all its children, and its mounts go with it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { words } from '../words.ts';
import type { Answer, Request, Thrown } from './protocol.ts';

/** How many times slower than a real processor this machine is. */
const slowness = Number(process.env['CORACLE_SLOW'] ?? '1');
const SECONDS = { pure: 5 * slowness, kernel: 20 * slowness };
const MOST_OUTPUT = 256 * 1024;
/** How much memory its JavaScript may take. */
export const MEMORY_MIB = 256;
/**
 * Compiled code of lib, for a faster start. The child gives up its right to write before it loads
 * the learner's file.
 */
const COMPILED = path.resolve(import.meta.dirname, '../../../.workbook/compiled');

/** Why there is no answer. */
export class NoAnswer extends Error {
  readonly why: 'time' | 'output' | 'end';

  constructor(why: NoAnswer['why'], message: string) {
    super(message);
    this.name = 'NoAnswer';
    this.why = why;
  }
}

/** The learner's function threw. */
export class LearnerError extends Error {
  readonly thrown: Thrown;

  constructor(thrown: Thrown) {
    super(thrown.message);
    this.name = 'LearnerError';
    this.thrown = thrown;
  }
}

/** The learner's file could not be loaded: nothing in it was called. */
export class LoadError extends LearnerError {}

export interface LearnerOptions {
  /** The file with the learner's functions. */
  readonly file: string;
  readonly layer: string;
  /** It may make system calls of its own. Needs root. */
  readonly kernel: boolean;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A process that has loaded the learner's file. */
export class LearnerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #limitMs: number;
  #output = '';
  #ended: NoAnswer | undefined;
  #last = 0;
  /** Functions that are lib's own. */
  copied: readonly string[] = [];

  private constructor(child: ChildProcess, kernel: boolean) {
    this.#child = child;
    this.#limitMs = 1000 * (kernel ? SECONDS.kernel : SECONDS.pure);
    child.on('message', (message: unknown) => {
      if (isAnswer(message)) this.#receive(message);
    });
    child.on('exit', (code, signal) => {
      const how = signal ?? `exit code ${code ?? '?'}`;
      this.#end('end', words('seen.ended', { how }));
    });
    child.on('error', ({ message }) => {
      this.#end('end', words('seen.not-started', { why: message }));
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#collect(text));
    }
  }

  /** @throws LoadError if the file cannot be loaded; NoAnswer. */
  static async start(options: LearnerOptions): Promise<LearnerProcess> {
    const learner = new LearnerProcess(spawnLearner(options), options.kernel);
    try {
      const copied = await learner.#answer(0);
      learner.copied = Array.isArray(copied) ? copied.map(String) : [];
      return learner;
    } catch (error) {
      await learner[Symbol.asyncDispose]();
      if (error instanceof LearnerError) throw new LoadError(error.thrown);
      throw error;
    }
  }

  /** The process, as the host numbers it; of a kernel check, the parent of its process 1. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** It has crashed, or was ended for taking too much. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** @throws LearnerError if the function threw; NoAnswer. */
  ask(request: Request): Promise<unknown> {
    const id = (this.#last += 1);
    const answer = this.#answer(id);
    if (this.#ended === undefined) this.#child.send({ id, request });
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kill();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'exit');
    }
  }

  async #answer(id: number): Promise<unknown> {
    if (this.#ended !== undefined) throw this.#ended;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const timer = setTimeout(() => {
      this.#end('time', words('seen.time', { seconds: this.#limitMs / 1000 }));
      this.#kill();
    }, this.#limitMs);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #receive(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    // What was printed before it comes through another pipe, and is read in this same turn.
    setImmediate(() => {
      if ('thrown' in answer) waiting?.reject(new LearnerError(answer.thrown));
      else waiting?.resolve(answer.value);
    });
  }

  #collect(text: string): void {
    this.#output += text;
    if (this.#output.length <= MOST_OUTPUT) return;
    this.#output = this.#output.slice(0, MOST_OUTPUT);
    this.#end('output', words('seen.output', { kib: MOST_OUTPUT / 1024 }));
    this.#kill();
  }

  #end(why: NoAnswer['why'], message: string): void {
    this.#ended ??= new NoAnswer(why, message);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }

  /** The whole process group: what it started and did not move elsewhere. */
  #kill(): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // Nobody is left in it.
    }
  }
}

/** The permission is for a folder that is there. Where it cannot be made, starts are slower. */
function makeCompiled(): void {
  try {
    mkdirSync(COMPILED, { recursive: true });
  } catch {
    // Somebody else's checkout.
  }
}

/** The process may send anything at all: what is no answer is not taken for one. */
function isAnswer(message: unknown): message is Answer {
  if (typeof message !== 'object' || message === null || !('id' in message)) return false;
  if (!('thrown' in message)) return 'value' in message;
  const { thrown } = message;
  if (typeof thrown !== 'object' || thrown === null) return false;
  return 'name' in thrown && 'message' in thrown && 'at' in thrown && Array.isArray(thrown.at);
}

function spawnLearner({ file, layer, kernel }: LearnerOptions): ChildProcess {
  const child = path.join(import.meta.dirname, 'child.ts');
  const memory = `--max-old-space-size=${MEMORY_MIB}`;
  const rights = ['--permission', '--allow-fs-read=*', `--allow-fs-write=${COMPILED}`];
  const limits = kernel ? [memory] : [memory, ...rights];
  // On a slow processor V8 takes code away that still runs, of what strips the types.
  const node = [process.execPath, '--no-wasm-code-gc', ...limits, child, file, layer];
  const enclosed = [
    'unshare',
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    ...node,
  ];
  const [program = '', ...args] = kernel ? enclosed : node;
  makeCompiled();
  return spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    detached: true,
    env: {
      PATH: process.env['PATH'] ?? '',
      LANG: 'C.UTF-8',
      // Far from GMT, so that who takes the one for the other sees it.
      TZ: 'Asia/Kathmandu',
      NODE_NO_WARNINGS: '1',
      // What runs as root without a sandbox has no part in what others will run.
      ...(!kernel && { NODE_COMPILE_CACHE: COMPILED }),
    },
  });
}
