/** `./workbook run NN [--mine]`: the chapter's own demonstration, on the learner's code if asked. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../run-script.ts';
import { runScript } from './engine.ts';
import { select } from './selection.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

export async function runChapter(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { mine: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) {
    throw new UsageError(words('error.which-chapter', { command: 'run' }));
  }
  const [selection] = await select([name]);
  if (selection === undefined) return 1;
  const { number, folder } = selection.chapter;
  if (name.includes('.')) throw new UsageError(words('error.whole-chapter', { name, number }));
  const script = path.join(repository, 'chapters', folder, 'run.ts');
  const mine = values.mine === true ? [selection] : [];
  return runScript(script, mine);
}
