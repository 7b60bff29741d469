/** What VitePress's default theme shows in one language: the sidebar, the menu, its words. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { chapterPages } from './chapters.ts';
import type { BookLocale, BookPage } from './locales/index.ts';

export function themeConfig(locale: BookLocale, root: string): DefaultTheme.Config {
  const prefix = locale.index === 'root' ? '' : `/${locale.index}`;
  const suffix = locale.index === 'root' ? '' : `.${locale.index}`;
  const itemOf = ({ text, page }: BookPage) => ({ text, link: `${prefix}/${page}` });
  const chapters = chapterPages(root, suffix).map(({ title, link }) => ({ text: title, link }));
  const [firstChapter] = chapters;
  return {
    nav: [
      ...locale.begin.pages.slice(0, 1).map(itemOf),
      ...(firstChapter === undefined ? [] : [{ text: locale.chapters, link: firstChapter.link }]),
      { text: locale.reference, link: '/reference/' },
    ],
    sidebar: [
      { text: locale.begin.title, items: locale.begin.pages.map(itemOf) },
      { text: locale.chapters, items: chapters },
      { text: locale.further.title, items: locale.further.pages.map(itemOf) },
      { text: locale.reference, collapsed: true, items: referencePages(root) },
    ],
    ...words(locale),
  };
}

/** Made by TypeDoc (`book/build.ts`); the API reference is English in every language. */
function referencePages(root: string): DefaultTheme.SidebarItem[] {
  const file = path.join(root, 'book/reference/typedoc-sidebar.json');
  if (!existsSync(file)) return [];
  return JSON.parse(readFileSync(file, 'utf8')) as DefaultTheme.SidebarItem[];
}

function words({ theme }: BookLocale): DefaultTheme.Config {
  return {
    outline: { level: [2, 3], label: theme.outline },
    docFooter: { prev: theme.previous, next: theme.next },
    skipToContentLabel: theme.skipToContent,
    sidebarMenuLabel: theme.menu,
    returnToTopLabel: theme.backToTop,
    darkModeSwitchLabel: theme.appearance,
    lightModeSwitchTitle: theme.toLight,
    darkModeSwitchTitle: theme.toDark,
    langMenuLabel: theme.languages,
    notFound: {
      title: theme.notFound.title,
      quote: theme.notFound.text,
      linkText: theme.notFound.link,
    },
  };
}
