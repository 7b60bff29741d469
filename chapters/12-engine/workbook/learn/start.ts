/** `./workbook start NN`: puts the starter of a chapter into the learner's folder. */
import { addStarters, shown } from './mine.ts';
import { select } from './selection.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

export async function start(names: readonly string[]): Promise<number> {
  if (names.length === 0) throw new UsageError(words('error.which-chapter', { command: 'start' }));
  for (const { chapter, lessons } of await select(names)) {
    const added = addStarters(lessons);
    for (const file of added)
      process.stdout.write(`${words('start.added', { file: shown(file) })}\n`);
    const { number, folder } = chapter;
    const key = added.length > 0 ? 'start.next' : 'start.there';
    process.stdout.write(`${words(key, { number, folder })}\n`);
  }
  return 0;
}
