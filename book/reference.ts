/** The API reference: TypeDoc writes a page for each layer into `book/reference/` (typedoc.json). */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const book = import.meta.dirname;

/** @throws Error when TypeDoc fails; its own words are on stderr by then. */
export function makeReference(): void {
  const typedoc = path.join(book, '../node_modules/typedoc/bin/typedoc');
  const stdio = ['ignore', 2, 2] as const;
  const { status } = spawnSync(process.execPath, [typedoc, '--logLevel', 'Warn'], {
    cwd: book,
    stdio: [...stdio],
  });
  if (status !== 0) throw new Error('TypeDoc could not make the API reference; see above.');
}

/** Whether it has been made, at any time. */
export function hasReference(): boolean {
  return existsSync(path.join(book, 'reference/index.md'));
}
