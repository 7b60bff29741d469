/** Every wrong command line is refused, with exactly the text that the golden file shows. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WRONG_LINES, type WrongLine } from './commands/wrong-lines.ts';
import { expectGolden } from './golden.ts';

const entry = path.resolve(
  import.meta.dirname,
  '../../chapters/12-engine/src/runtime-cli/entry.ts',
);
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'coracle-commands-'));
  mkdirSync(path.join(folder, 'root'));
  mkdirSync(path.join(folder, 'bundle'));
  await run(['spec', '--bundle', 'BUNDLE']);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command line from its sources, in an empty directory. */
function run(args: readonly string[]) {
  const real = args.map((arg) =>
    arg.replace('ROOT', path.join(folder, 'root')).replace('BUNDLE', path.join(folder, 'bundle')),
  );
  return execa(process.execPath, [entry, ...real], {
    cwd: path.join(folder, 'root'),
    reject: false,
    stdin: 'ignore',
    // As the launcher says it: no descriptor but the standard streams is the caller's.
    env: { CORACLE_OPEN_FDS: ' 0 1 2' },
  });
}

/** One paragraph of the golden file: what is wrong, the line, how it ends, and what one is told. */
async function paragraph({ wrong, args }: WrongLine): Promise<string> {
  const { exitCode, stdout, stderr } = await run(args);
  const shown = args.map((arg) => (arg === '' ? "''" : arg)).join(' ');
  const help = stdout === '' ? '' : `(help) ${stdout.split('\n').at(0) ?? ''}\n`;
  return `# ${wrong}\n$ coracle-runtime ${shown}\n${help}exit ${String(exitCode)}: ${messageOf(stderr)}`;
}

/** The message of the log's one line, with the folders of this run by their names. */
function messageOf(stderr: string): string {
  const [, quoted = '""'] = /^time="[^"]+" level=error msg=(.*)$/.exec(stderr) ?? [];
  expect(quoted, `one line of log: ${stderr}`).not.toBe('""');
  const message = quoted.startsWith('"') ? (JSON.parse(quoted) as string) : quoted;
  return message
    .replaceAll(path.join(folder, 'root'), 'ROOT')
    .replaceAll(path.join(folder, 'bundle'), 'BUNDLE');
}

it('every wrong command line gets its message', { timeout: 240_000 }, async () => {
  expect(WRONG_LINES.length).toBeGreaterThanOrEqual(25);
  const paragraphs: string[] = [];
  // Two at a time: each is a Node of its own.
  for (let at = 0; at < WRONG_LINES.length; at += 2) {
    paragraphs.push(...(await Promise.all(WRONG_LINES.slice(at, at + 2).map(paragraph))));
  }
  expectGolden('commands.txt', `${paragraphs.join('\n\n')}\n`);
});
