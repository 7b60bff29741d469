/**
 * Which Markdown file of the repository is which page of the book. Pure.
 *
 *     book/pages/setup.md                →  setup.md
 *     book/pages/zh/setup.md             →  zh/setup.md
 *     chapters/01-namespaces/README.md   →  chapters/01-namespaces.md
 *     chapters/01-namespaces/README.zh.md →  zh/chapters/01-namespaces.md
 *     book/reference/sys.md              →  reference/sys.md      (made by TypeDoc)
 */

const chapterFile = /^chapters\/(\d\d-[a-z]+)\/README(?:\.([a-zA-Z-]+))?\.md$/;

/** What is no page: globs, from the top of the repository, for VitePress. */
export const noPages: readonly string[] = [
  '*.md',
  '!(book|chapters)/**',
  'book/*.md',
  'book/!(pages|reference)/**',
  'chapters/*/!(README)*.md',
  'chapters/*/*/**',
];

/** The page that a file is, or nothing if it is none. Both are paths with `/`, such as `setup.md`. */
export function pageOf(file: string): string | undefined {
  const [, chapter, language] = chapterFile.exec(file) ?? [];
  if (chapter !== undefined) {
    return language === undefined ? `chapters/${chapter}.md` : `${language}/chapters/${chapter}.md`;
  }
  if (file.startsWith('book/pages/')) return file.slice('book/pages/'.length);
  if (file.startsWith('book/reference/')) return file.slice('book/'.length);
  return undefined;
}
