/**
 * The transcripts of the book, and their replay.
 *
 * A block ```console has commands after `$ ` (continued after `> `) and what they print. A line `…`
 * stands for any number of lines. `v1` or `v2` after the word: only where cgroups are of that version.
 * A block ```ts which calls console.log is a program; its last comments are what it prints.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export interface Step {
  readonly command: string;
  /** The lines below it in the text. */
  readonly output: readonly string[];
}

export interface Transcript {
  /** From the top of the repository. */
  readonly file: string;
  readonly line: number;
  /** What follows the word `console`. */
  readonly when: string;
  readonly steps: readonly Step[];
}

/** All transcripts of the chapters and of the book's own pages. */
export function transcripts(): Transcript[] {
  return [...chapterTexts(), ...bookTexts()].flatMap((file) => transcriptsOf(file, textOf(file)));
}

/** The chapters' READMEs, from the top of the repository. */
export function chapterTexts(): string[] {
  return readdirSync(path.join(root, 'chapters'))
    .map((folder) => `chapters/${folder}/README.md`)
    .filter((file) => existsSync(path.join(root, file)))
    .toSorted();
}

/** The pages around them. */
export function bookTexts(): string[] {
  return readdirSync(path.join(root, 'book/pages'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `book/pages/${name}`);
}

export function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

/** The transcripts in one text; pure. */
export function transcriptsOf(file: string, text: string): Transcript[] {
  return [...text.matchAll(/^```console(.*)\n([^]*?)^```$/gm)].map((found) => ({
    file,
    line: text.slice(0, found.index).split('\n').length,
    when: found[1]?.trim() ?? '',
    steps: stepsOf(found[2] ?? ''),
  }));
}

function stepsOf(block: string): Step[] {
  const [, ...steps] = `\n${block.trimEnd()}`.split(/^\$ /m);
  return steps.map((step) => {
    const [first = '', ...rest] = step.trimEnd().split('\n');
    const more = rest.findIndex((line) => !line.startsWith('> '));
    const end = more === -1 ? rest.length : more;
    const command = [first, ...rest.slice(0, end).map((line) => line.slice(2))].join('\n');
    return { command, output: rest.slice(end) };
  });
}

/**
 * Runs the commands one after another in one shell, from the top of the repository, in a mount
 * namespace of their own if there is a `sudo` among them; returns the lines that each printed.
 */
export function replay({ steps }: Transcript): string[][] {
  const folder = mkdtempSync(path.join(tmpdir(), 'coracle-book-'));
  const mark = '@@ end of a step @@';
  const commands = steps.map(({ command }) => `${command}\nprintf '\\n%s\\n' '${mark}'`);
  const script = `exec 2>&1 </dev/null\nsudo() { "$@"; }\n${commands.join('\n')}\n`;
  const apart = script.includes('sudo ') && process.getuid?.() === 0;
  const [program, ...args] = [...(apart ? ['unshare', '--mount'] : []), 'bash', '-c', script];
  try {
    const env = { ...process.env, TMPDIR: folder, NO_COLOR: '1', LC_ALL: 'C.UTF-8' };
    const { stdout } = spawnSync(program, args, { cwd: root, env, encoding: 'utf8' });
    const outputs = stdout.split(`\n${mark}\n`).slice(0, steps.length);
    return outputs.map((output) => output.replace(/\n$/, '').split('\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Programs in a chapter's text, with what they print. */
export interface Program {
  readonly file: string;
  readonly code: string;
  readonly output: readonly string[];
}

export function programsOf(file: string, text: string): Program[] {
  const blocks = [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code = '']) => code);
  return blocks
    .filter((code) => code.includes('console.log('))
    .map((code) => {
      const [, body = '', comments = ''] = /^([^]*?)((?:\/\/.*\n)+)$/.exec(code) ?? [];
      const output = comments.trimEnd().split('\n');
      return { file, code: body, output: output.map((line) => line.slice(3)) };
    });
}

/** Runs a program where its chapter is, and returns what it printed. */
export function runProgram({ file, code }: Program): string[] {
  const args = ['--input-type=module-typescript', '--eval', code];
  const cwd = path.join(root, path.dirname(file));
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return `${stdout}${stderr}`.trimEnd().split('\n');
}
