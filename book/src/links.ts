/**
 * Links between the files of the repository become links between the pages of the book, so that
 * a README works in both places. A link to a file that is no page (a source, a script) becomes its
 * text, since the book does not have that file.
 *
 * @throws Error for a link to a file that does not exist: the build fails, and says where.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { pageOf } from './pages.ts';

type Token = ReturnType<MarkdownRenderer['parse']>[number];

export function linkPages(md: MarkdownRenderer, root: string): void {
  md.core.ruler.push('pages', ({ tokens, env }) => {
    const { realPath, path: file = '' } = env as { realPath?: string; path?: string };
    const from = path.relative(root, realPath ?? file);
    for (const { children } of tokens) {
      if (children !== null) linkInline(children, from, root);
    }
  });
}

function linkInline(tokens: readonly Token[], from: string, root: string): void {
  let isText = false;
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const href = bookLink(String(token.attrGet('href')), from, root);
      isText = href === undefined;
      if (href === undefined) Object.assign(token, { type: 'file_open', tag: 'span', attrs: [] });
      else token.attrSet('href', href);
    } else if (token.type === 'link_close' && isText) {
      Object.assign(token, { type: 'file_close', tag: 'span' });
    }
  }
}

/** What a link in `from` (from the top of the repository) is in the book; nothing if it has no page. */
export function bookLink(href: string, from: string, root: string): string | undefined {
  if (/^([a-z]+:|#|\/)/.test(href) || !from.endsWith('.md')) return href;
  const [, name = '', anchor = ''] = /^([^#]*)(#.*)?$/.exec(href) ?? [];
  const target = path.posix.join(path.posix.dirname(from), decodeURI(name));
  const page = pageOf(target);
  const here = pageOf(from);
  // What TypeDoc makes may not be there yet; VitePress looks at all links between pages.
  if (page === undefined && !existsSync(path.join(root, target))) {
    throw new Error(`${from}: there is no file ${target} to link to`);
  }
  if (page === undefined || here === undefined) return undefined;
  return path.posix.relative(path.posix.dirname(here), page) + anchor;
}
