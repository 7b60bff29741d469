/** Exercise 03.1: paths inside the option string of an overlay. */

// #region exercise-03-1
/**
 * A path as it must stand in `lowerdir=`, `upperdir=` and `workdir=`. Pure. The kernel's
 * overlayfs.rst, "Multiple lower layers".
 *
 * There a `,` ends an option, a `:` ends a lower directory, and a `\` takes the meaning from the
 * character after it. Each of these three, wherever it stands in the path, gets a `\` before it;
 * every other character stays as it is.
 */
export function escapePath(path: string): string {
  return path.replaceAll(/[\\,:]/g, String.raw`\$&`);
}

/**
 * The path that {@link escapePath} was given. Pure.
 *
 * A `\` goes, and the character after it stays, whichever it is (a line feed, another `\`). One at
 * the very end, with nothing after it, stays.
 */
export function unescapePath(escaped: string): string {
  return escaped.replaceAll(/\\(.)/gs, '$1');
}

/**
 * Splits at each separator that no `\` protects. Pure.
 *
 * What is between keeps its backslashes, so that it can be split again at the other separator. A
 * `\` protects the one character after it: in `\\:` the first protects the second, and the colon is
 * a separator. An empty part is a part; a text without separators is one part, the empty text too.
 */
export function splitEscaped(text: string, separator: ',' | ':'): string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') {
      part += character + text.charAt(at + 1);
      at += 1;
    } else if (character === separator) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part];
}
// #endregion exercise-03-1
