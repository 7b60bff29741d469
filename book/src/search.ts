/** Search without a server: an index in the site, with the words of each language. */
import type { DefaultTheme } from 'vitepress';
import type { BookLocale } from './locales/index.ts';
import { tokenize } from './tokenize.ts';

export function localSearch(
  locales: readonly BookLocale[],
): NonNullable<DefaultTheme.Config['search']> {
  return {
    provider: 'local',
    options: {
      miniSearch: { options: { tokenize } },
      locales: Object.fromEntries(locales.map((each) => [each.index, searchWords(each)])),
    },
  };
}

function searchWords({ theme: { search } }: BookLocale): Partial<DefaultTheme.LocalSearchOptions> {
  return {
    translations: {
      button: { buttonText: search.button, buttonAriaLabel: search.button },
      modal: {
        displayDetails: search.details,
        resetButtonTitle: search.reset,
        backButtonTitle: search.back,
        noResultsText: search.noResults,
        footer: {
          selectText: search.select,
          navigateText: search.navigate,
          closeText: search.close,
        },
      },
    },
  };
}
