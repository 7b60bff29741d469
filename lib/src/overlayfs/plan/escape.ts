/**
 * Paths inside option strings (Documentation/filesystems/overlayfs.rst, "Multiple lower layers").
 *
 * `,` ends an option, `:` ends a lower directory, and `\` takes the meaning from either. The values
 * of `upperdir` and `workdir` lose their backslashes too, in every interface; those of `lowerdir+`
 * and `datadir+` are taken as they are.
 */

/** A path as it must stand in `lowerdir=`, `upperdir=` and `workdir=`. */
export function escapePath(path: string): string {
  return path.replaceAll(/[\\,:]/g, String.raw`\$&`);
}

/** The path that {@link escapePath} was given. */
export function unescapePath(escaped: string): string {
  return escaped.replaceAll(/\\(.)/gs, '$1');
}

/** Splits at separators that no backslash protects; what is left keeps its backslashes. */
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
