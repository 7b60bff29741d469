/** An indented block of code becomes a fenced one: with the look of the others, and scrollable by keys. */
import type { MarkdownRenderer } from 'vitepress';

export function fencePlainCode(md: MarkdownRenderer): void {
  md.core.ruler.push('plain code', ({ tokens }) => {
    for (const token of tokens) {
      if (token.type === 'code_block') Object.assign(token, { type: 'fence', info: 'text' });
    }
  });
}
