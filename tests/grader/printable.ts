/** Text that is a learner's, so that it says something to a terminal's reader and nothing to the terminal. */
import { stripVTControlCharacters } from 'node:util';

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** Control characters are written as in a string of JavaScript; lines and tabs stay. */
export function printable(text: string): string {
  return text.replaceAll(
    CONTROL,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** What a program printed: colours are left out. */
export function printableOutput(output: string): string {
  return printable(stripVTControlCharacters(output).replaceAll('\r\n', '\n'));
}
