import type { BookLocale } from './index.ts';

export const en: BookLocale = {
  index: 'root',
  lang: 'en',
  label: 'English',
  description: 'Build a container engine by hand, in TypeScript, one layer a chapter',
  begin: {
    title: 'Begin here',
    pages: [
      { text: 'Introduction', page: 'introduction' },
      { text: 'Set-up', page: 'setup' },
      { text: 'The map of the stack', page: 'map' },
    ],
  },
  chapters: 'Chapters',
  further: {
    title: 'Around the book',
    pages: [
      { text: 'Teaching with it', page: 'teaching' },
      { text: 'A second language', page: 'translating' },
    ],
  },
  reference: 'API reference',
  exercises: { solution: 'The reference solution' },
  theme: {
    skipToContent: 'Skip to content',
    outline: 'On this page',
    previous: 'Previous',
    next: 'Next',
    menu: 'Menu',
    backToTop: 'Back to the top',
    appearance: 'Appearance',
    toLight: 'Switch to light',
    toDark: 'Switch to dark',
    languages: 'Languages',
    search: {
      button: 'Search',
      noResults: 'Nothing found for',
      reset: 'Clear the search',
      back: 'Close the search',
      details: 'Show more of each result',
      select: 'to open',
      navigate: 'to move',
      close: 'to close',
    },
    notFound: {
      title: 'There is no such page',
      text: 'It may have moved, or the address has a slip in it.',
      link: 'To the start',
    },
  },
};
