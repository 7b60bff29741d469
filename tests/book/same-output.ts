/** Compares what was printed with what the text says, but for what is another each time. Pure. */
import type { Transcript } from './transcripts.ts';

const changing: readonly (readonly [RegExp, string])[] = [
  [/\[\d{10}\]/g, '[INODE]'],
  [/\b(process|PID) \d{2,}/gi, '$1 PID'],
  [/"pid":\d+/g, '"pid":PID'],
  [/\/proc\/\d+/g, '/proc/PID'],
  [/\b(coracle-chapter|chapter)-(\d\d)-\w+/g, '$1-$2-X'],
  [/\d+(?:\.\d+)? (ms|seconds)\b/g, 'N $1'],
  [/[ \t]+$/g, ''],
];

/** The commands of a transcript that print something else than the text says. */
export function drift(
  { steps }: Transcript,
  printed: readonly (readonly string[])[],
): { command: string; prints: string }[] {
  return steps.flatMap(({ command, output }, index) => {
    const prints = difference(output, printed[index] ?? []);
    return prints === undefined ? [] : [{ command, prints }];
  });
}

/**
 * What the text should say, if it says something else; otherwise nothing. A line `…` of the text is
 * any number of lines, as few as will do.
 */
export function difference(
  written: readonly string[],
  printed: readonly string[],
): string | undefined {
  return matches(written.map(withoutChanging), printed.map(withoutChanging))
    ? undefined
    : printed.join('\n');
}

function withoutChanging(line: string): string {
  return changing.reduce((text, [pattern, by]) => text.replace(pattern, by), line);
}

function matches(written: readonly string[], printed: readonly string[]): boolean {
  const [first, ...rest] = written;
  if (first === undefined) return printed.length === 0 || printed.join('') === '';
  if (first === '…') {
    return [...printed, ''].some((_, skipped) => matches(rest, printed.slice(skipped)));
  }
  return first === printed[0] && matches(rest, printed.slice(1));
}
