/**
 * A paragraph that is one SVG picture, `![alt](picture.svg "caption")`, becomes a figure with the
 * drawing inside the page: only so can it follow the page's light and dark.
 *
 * The file stands for itself too, as an image on GitHub: its own <style> has the same classes,
 * and is left out here, where style.css has them.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { MarkdownRenderer } from 'vitepress';

export function drawFigures(md: MarkdownRenderer): void {
  md.core.ruler.push('figures', (state) => {
    const { realPath, path: file = '', includes } = state.env as PageEnvironment;
    for (const [index, token] of state.tokens.entries()) {
      const [image, ...others] = token.children ?? [];
      if (image?.type !== 'image' || others.length > 0) continue;
      const source = String(image.attrGet('src'));
      if (!source.endsWith('.svg') || token.type !== 'inline') continue;
      const picture = path.resolve(path.dirname(realPath ?? file), source);
      includes?.push(picture);
      const html = new state.Token('html_block', '', 0);
      html.content = figure(readFileSync(picture, 'utf8'), {
        name: path.basename(picture, '.svg'),
        alt: image.content,
        caption: String(image.attrGet('title') ?? ''),
      });
      state.tokens.splice(index - 1, 3, html);
    }
  });
}

interface PageEnvironment {
  readonly path?: string;
  readonly realPath?: string;
  /** Files that the page is made of: the server renders it anew when one changes. */
  readonly includes?: string[];
}

/** The figure's HTML. Ids in the drawing get its name before them, since ids are the page's. */
export function figure(
  svg: string,
  { name, alt, caption }: { name: string; alt: string; caption: string },
): string {
  const drawing = svg
    .slice(svg.indexOf('<svg'))
    .replaceAll(/<style>.*?<\/style>\s*/gs, '')
    .replaceAll(/(\bid="|url\(#)/g, `$1${name}-`)
    .replace('<svg ', `<svg role="img" aria-label="${escapeHtml(alt)}" `)
    .trim();
  const below = caption === '' ? '' : `<figcaption>${escapeHtml(caption)}</figcaption>`;
  return `<figure class="picture" v-pre>${drawing}${below}</figure>\n`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
