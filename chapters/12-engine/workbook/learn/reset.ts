/**
 * `./workbook reset NN[.k]`: the starter again. `./workbook goto NN`: everything before chapter NN is
 * the reference, and NN the starter. Both copy what is there first.
 */
import { addStarters, backUp, clear, shown, writeSolution, writeStarter } from './mine.ts';
import { forget } from './progress.ts';
import { select, type Selection } from './selection.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

export async function reset(names: readonly string[]): Promise<number> {
  if (names.length === 0) throw new UsageError(words('error.which-chapter', { command: 'reset' }));
  for (const selection of await select(names)) {
    saveFirst(selection);
    for (const lesson of selection.lessons) {
      forget(lesson.exercise.id);
      process.stdout.write(`${words('start.added', { file: shown(writeStarter(lesson)) })}\n`);
    }
  }
  return 0;
}

export async function goTo(names: readonly string[]): Promise<number> {
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) {
    throw new UsageError(words('error.which-chapter', { command: 'goto' }));
  }
  const [target] = await select([name]);
  if (target === undefined) return 1;
  const { number } = target.chapter;
  for (const selection of await select([])) {
    if (selection.chapter.number > number) continue;
    saveFirst(selection);
    clear(selection.chapter.folder);
    if (selection.chapter.number === number) addStarters(selection.lessons);
    else selection.lessons.forEach(writeSolution);
    for (const { exercise } of selection.lessons) forget(exercise.id);
  }
  process.stdout.write(`${words('goto.done', { number })}\n`);
  return 0;
}

function saveFirst({ chapter }: Selection): void {
  const backup = backUp(chapter.folder, new Date());
  if (backup === undefined) return;
  const names = { folder: chapter.folder, backup: shown(backup) };
  process.stdout.write(`${words('reset.saved', names)}\n${words('reset.back', names)}\n`);
}
