/** The chapters that have a text, in order, and what they are called. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pageOf } from './pages.ts';

export interface ChapterPage {
  /** As the page's first heading says: `01 Namespaces: the same kernel, a different view`. */
  readonly title: string;
  /** From the site's root, such as `/chapters/01-namespaces`. */
  readonly link: string;
}

/** @param suffix of the language's READMEs: empty, or such as `.zh`. */
export function chapterPages(root: string, suffix: string): ChapterPage[] {
  return readdirSync(path.join(root, 'chapters'))
    .toSorted()
    .map((folder) => `chapters/${folder}/README${suffix}.md`)
    .filter((file) => existsSync(path.join(root, file)))
    .map((file) => {
      const [, title = file] = /^# (.+)$/m.exec(readFileSync(path.join(root, file), 'utf8')) ?? [];
      return { title, link: `/${(pageOf(file) ?? file).replace(/\.md$/, '')}` };
    });
}
