/** A docstring of TypeScript as Markdown. Pure. */

const tagWords: Readonly<Record<string, string>> = { returns: 'Returns', throws: 'Throws' };

/**
 * `comment` is the comment as it stands in the source, with its stars. `{@link X}` becomes `X` as
 * code; `@param`, `@returns` and `@throws` become a list below the text.
 */
export function docstringMarkdown(comment: string): string {
  const [text = '', ...tags] = withoutStars(comment).split(/^@/m);
  const items = tags.map((tag) => `- ${tagMarkdown(tag.trim())}`);
  return [text.trim(), items.join('\n')].filter((part) => part !== '').join('\n\n');
}

function withoutStars(comment: string): string {
  const lines = comment.replace(/^\s*\/\*\*/, '').replace(/\*\/\s*$/, '');
  const text = lines.replaceAll(/^[ \t]*\*? ?/gm, '').trimStart();
  return plainText(text.replaceAll(/\{@link ([^}|]+)[^}]*\}/g, '`$1`'));
}

function tagMarkdown(tag: string): string {
  const [, name = '', rest = ''] = /^(\w+)\s*([^]*)$/.exec(tag) ?? [];
  const text = rest.replaceAll(/\s*\n\s*/g, ' ');
  if (name === 'param') return text.replace(/^(\S+)\s*(?:- )?/, '`$1`: ');
  return `${tagWords[name] ?? name} ${text}`;
}

/** `<` begins no tag here; in code, indented or between backticks, it stays as it is. */
function plainText(markdown: string): string {
  return markdown
    .split('\n')
    .map((line) =>
      line.startsWith('    ')
        ? line
        : line.replaceAll(/`[^`]*`|</g, (found) => (found === '<' ? '&lt;' : found)),
    )
    .join('\n');
}
