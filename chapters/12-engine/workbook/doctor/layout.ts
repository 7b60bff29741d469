/** Text set into lines. Pure. */

/**
 * A text behind `prefix`, broken at blanks; the further lines stand below its beginning. A word that
 * is wider than the line, such as a path or a command, stays whole.
 */
export function wrap(prefix: string, text: string, width: number): string {
  const indent = ' '.repeat(prefix.length);
  const lines: string[] = [];
  let line = prefix;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return `${[...lines, line].join('\n')}\n`;
}

/** Words in as many columns as fit, filled line by line. */
export function columns(words: readonly string[], width: number): string[] {
  const cell = Math.max(0, ...words.map((word) => word.length)) + 2;
  const perLine = Math.max(1, Math.floor(width / cell));
  const lines: string[] = [];
  for (let at = 0; at < words.length; at += perLine) {
    const cells = words.slice(at, at + perLine).map((word) => word.padEnd(cell));
    lines.push(cells.join('').trimEnd());
  }
  return lines;
}
