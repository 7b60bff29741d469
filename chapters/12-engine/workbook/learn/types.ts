/** `./workbook check --mine`: the types of what the learner has written, by chapters/tsconfig.json. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { repository } from '../run-script.ts';
import { isBegun } from './mine.ts';
import { select } from './selection.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

export async function checkTypes(): Promise<number> {
  const begun = (await select([])).some(({ chapter }) => isBegun(chapter.folder));
  if (!begun) throw new UsageError(words('error.not-started', { number: '01' }));
  const compiler = path.join(repository, 'node_modules/typescript/bin/tsc');
  const args = [compiler, '--project', path.join(repository, 'chapters')];
  // Its words are TypeScript's: `chapters/01-namespaces/mine/plan.ts(7,9): error TS2322: …`.
  const { status } = spawnSync(process.execPath, args, { cwd: repository, stdio: 'inherit' });
  if (status === 0) process.stdout.write(`${words('types.good')}\n`);
  return status === 0 ? 0 : 1;
}
