/** The languages of the book. Another one is a file beside this, and an entry here. */
import { en } from './en.ts';

/** Everything that the book says outside its pages, in one language. */
export interface BookLocale {
  /** As VitePress calls it: `root` for English, else the first folder of its pages' addresses. */
  readonly index: string;
  readonly lang: string;
  /** In that language. */
  readonly label: string;
  readonly description: string;
  /** Pages before and after the chapters: what the sidebar calls them, and their file's name. */
  readonly begin: { readonly title: string; readonly pages: readonly BookPage[] };
  readonly chapters: string;
  readonly further: { readonly title: string; readonly pages: readonly BookPage[] };
  readonly reference: string;
  readonly exercises: { readonly solution: string };
  readonly theme: ThemeWords;
}

export interface BookPage {
  readonly text: string;
  readonly page: string;
}

/** The words of VitePress's own theme. */
interface ThemeWords {
  readonly skipToContent: string;
  readonly outline: string;
  readonly previous: string;
  readonly next: string;
  readonly menu: string;
  readonly backToTop: string;
  readonly appearance: string;
  readonly toLight: string;
  readonly toDark: string;
  readonly languages: string;
  readonly search: SearchWords;
  readonly notFound: { readonly title: string; readonly text: string; readonly link: string };
}

interface SearchWords {
  readonly button: string;
  readonly noResults: string;
  readonly reset: string;
  readonly back: string;
  readonly details: string;
  readonly select: string;
  readonly navigate: string;
  readonly close: string;
}

export const locales: readonly BookLocale[] = [en];

/** The language of a page, by VitePress's name for it. */
export function localeOf(index = 'root'): BookLocale {
  return locales.find((each) => each.index === index) ?? en;
}
