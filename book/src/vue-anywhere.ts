/**
 * A page is compiled to a Vue component where its file is. Chapters are outside of book/, whose
 * package has Vue: what they import of it is looked up from here.
 */
import path from 'node:path';
import type { Plugin } from 'vitepress';

/** @param book the folder of the book's package. */
export function vueAnywhere(book: string): Plugin {
  return {
    name: 'vue-anywhere',
    enforce: 'pre',
    resolveId(id, importer, options) {
      if (!/^vue($|\/)/.test(id) || importer?.endsWith('.md') !== true) return undefined;
      return this.resolve(id, path.join(book, 'package.json'), { ...options, skipSelf: true });
    },
  };
}
