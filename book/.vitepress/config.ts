/** The site: its pages are Markdown files of the whole repository (src/pages.ts). */
import path from 'node:path';
import { defineConfig } from 'vitepress';
import { insertExercises } from '../src/exercises.ts';
import { drawFigures } from '../src/figures.ts';
import { fencePlainCode } from '../src/plain-code.ts';
import { linkPages } from '../src/links.ts';
import { locales } from '../src/locales/index.ts';
import { noPages, pageOf } from '../src/pages.ts';
import { localSearch } from '../src/search.ts';
import { themeConfig } from '../src/theme-config.ts';
import { vueAnywhere } from '../src/vue-anywhere.ts';

const root = path.resolve(import.meta.dirname, '../..');

export default defineConfig({
  title: 'Coracle',
  srcDir: '..',
  srcExclude: [...noPages],
  rewrites: (file) => pageOf(file) ?? file,
  outDir: 'dist',
  cacheDir: '../.cache/book',
  // Relative addresses: the built site works in any folder of any server.
  base: './',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: './coracle.svg' }]],
  locales: Object.fromEntries(
    locales.map((locale) => [
      locale.index,
      {
        lang: locale.lang,
        label: locale.label,
        description: locale.description,
        themeConfig: themeConfig(locale, root),
      },
    ]),
  ),
  themeConfig: {
    logo: { src: '/coracle.svg', alt: '' },
    search: localSearch(locales),
    externalLinkIcon: false,
  },
  markdown: {
    config(md) {
      fencePlainCode(md);
      linkPages(md, root);
      drawFigures(md);
      insertExercises(md, root);
    },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  // VitePress would take each config.ts of the repository for one of its own.
  additionalConfig: {},
  vite: {
    publicDir: path.join(root, 'book/public'),
    plugins: [vueAnywhere(path.join(root, 'book'))],
  },
});
