/** How the chapter's program speaks: titles, sentences, lines of what was seen. */
import { styleText } from 'node:util';
import { ImageError } from 'coracle/image';

export function title(text: string): void {
  process.stdout.write(`\n${styleText(['bold', 'cyan'], text)}\n`);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function line(text: string): void {
  process.stdout.write(`${styleText('dim', `    ${text}`)}\n`);
}

/** What the rest needs, where it is missing. */
export function needs(advice: string): void {
  say(styleText('yellow', `\n${advice}`));
}

/** Says how an operation that is meant to be refused was refused; without the temporary `folder`. */
export async function attempt(
  what: string,
  folder: string,
  operation: () => unknown,
): Promise<void> {
  try {
    await operation();
    line(`${what}: done`);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    line(`${what}: ${error.code}: ${error.message.replaceAll(`${folder}/`, '')}`);
  }
}

/** A digest as people read it: the first twelve digits. */
export function brief(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
