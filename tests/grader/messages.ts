/** Words of the grader and the command line, by language: `messages/en.json` and its translations. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The language that the environment asks for, as two letters. */
export function learnersLanguage(): string {
  const asked = process.env['CORACLE_LANG'] ?? process.env['LANG'] ?? '';
  return /^[a-z]{2}/.exec(asked)?.[0] ?? 'en';
}

/** A catalogue: words by key, in which `{name}` is replaced by what the program knows. */
export interface Messages {
  (key: string, values?: Readonly<Record<string, string | number>>): string;
  /** Whether there are words for it. */
  has(key: string): boolean;
}

/** Reads a catalogue, in the learner's language where there is one; English fills its gaps. */
export function openMessages(folder: string, language: string = learnersLanguage()): Messages {
  const words = { ...read(folder, 'en'), ...read(folder, language) };
  const say = (key: string, values: Readonly<Record<string, string | number>> = {}): string => {
    const text = words[key];
    if (text === undefined) throw new Error(`${folder}/en.json has no message '${key}'`);
    return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
  return Object.assign(say, { has: (key: string) => Object.hasOwn(words, key) });
}

function read(folder: string, language: string): Record<string, string> {
  const file = path.join(folder, `${language}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
}
