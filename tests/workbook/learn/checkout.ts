/**
 * A checkout of its own in which a test may be a learner: copies of the sources, and the packages
 * of this one. What a real learner of this checkout has written is never touched.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
const COPIED = ['lib', 'chapters', 'tests/grader', 'package.json', 'tsconfig.json', 'vagrant'];
const LEFT_OUT = new Set(['mine', 'dist', 'test']);

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export class Checkout implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'coracle-learner-'));

  constructor() {
    for (const name of COPIED) {
      cpSync(path.join(root, name), path.join(this.folder, name), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (file) => !LEFT_OUT.has(path.basename(file)),
      });
    }
    // The links of a workspace lead to its own packages; what is installed is shared.
    const modules = path.join(this.folder, 'node_modules');
    mkdirSync(modules);
    cpSync(path.join(root, 'node_modules'), modules, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => !path.basename(file).startsWith('.'),
    });
    symlinkSync(path.join(root, 'node_modules/.pnpm'), path.join(modules, '.pnpm'));
  }

  /** Runs `./workbook ARGS`, whose output is no terminal. */
  workbook(...args: string[]): Ended {
    return this.workbookIn('en', ...args);
  }

  /** The same, for a learner who reads that language. */
  workbookIn(language: string, ...args: string[]): Ended {
    const [program, ...rest] = this.#command(args);
    const { status, stdout, stderr } = spawnSync(program ?? '', rest, {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...this.#environment, CORACLE_LANG: language },
    });
    return { code: status, out: stdout, err: stderr };
  }

  /** Starts it, to be read while it runs. */
  start(...args: string[]): ReturnType<typeof spawn> {
    const [program, ...rest] = this.#command(args);
    return spawn(program ?? '', rest, { cwd: this.folder, env: this.#environment });
  }

  /** Replaces a text of one of its files. */
  edit(file: string, from: string | RegExp, to: string): void {
    const place = path.join(this.folder, file);
    writeFileSync(
      place,
      readFileSync(place, 'utf8').replace(from, () => to),
    );
  }

  write(file: string, text: string): void {
    const place = path.join(this.folder, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
  }

  read(file: string): string {
    return readFileSync(path.join(this.folder, file), 'utf8');
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }

  get #environment(): NodeJS.ProcessEnv {
    return { ...process.env, CORACLE_LANG: 'en', NO_COLOR: '1' };
  }

  #command(args: readonly string[]): string[] {
    return [
      process.execPath,
      path.join(this.folder, 'chapters/12-engine/workbook/main.ts'),
      ...args,
    ];
  }
}
