/**
 * The exercises of a chapter, as Markdown, from their one source: the regions in
 * `lib/src/LAYER/parts/`. They take the place of the line `<!-- exercises -->` on the chapter's page.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { partsOf, type Part } from '../../tests/grader/source/parts.ts';
import { docstringMarkdown } from './docstring.ts';
import { localeOf, type BookLocale } from './locales/index.ts';
import { readTaught, type TaughtFunction } from './taught.ts';

const marker = /^<!-- exercises -->$/m;

/**
 * Wraps the renderer, so that pages and the search index get the same text.
 * @param root the top folder of the repository.
 */
export function insertExercises(md: MarkdownRenderer, root: string): void {
  const render = md.renderAsync.bind(md);
  md.renderAsync = (source, env: PageEnvironment = {}) => {
    if (!marker.test(source)) return render(source, env);
    const file = env.realPath ?? env.path ?? '';
    const parts = partsOf(path.basename(path.dirname(file)));
    for (const part of parts) env.includes?.push(path.join(root, part.path));
    const locale = localeOf(env.localeIndex);
    const markdown = parts.map((part) => exerciseMarkdown(part, locale, root)).join('\n');
    return render(
      source.replace(marker, () => markdown),
      env,
    );
  };
}

interface PageEnvironment {
  readonly path?: string;
  readonly realPath?: string;
  /** Files that the page is made of: the server renders it anew when one changes. */
  readonly includes?: string[];
  readonly localeIndex?: string;
}

/** One exercise: its number and title, what it asks, what is given, and the solution, folded away. */
export function exerciseMarkdown(part: Part, locale: BookLocale, root: string): string {
  const { opening, types, functions } = readTaught(part);
  const title = catalogueTitle(part, locale, root);
  const names = functions.map(({ name }) => `\`${name}\``).join(', ');
  const region = `exercise-${part.id.replace('.', '-')}`;
  return `### ${part.id} ${title ?? names} {#${region}}

${opening}

\`\`\`ts
// chapters/${part.chapter}/mine/${part.file}
${[...types, ...functions.map(({ signature }) => signature)].join('\n\n')}
\`\`\`

${functions.map((each) => about(each, functions.length > 1)).join('\n\n')}

::: details ${locale.exercises.solution}
<<< @/${part.path}#${region}
:::
`;
}

/** The title that the grader says, in the page's language or in English, if there is one. */
function catalogueTitle(part: Part, { lang }: BookLocale, root: string): string | undefined {
  const folder = path.join(root, 'chapters', part.chapter, 'exercises');
  if (!existsSync(folder)) return undefined;
  const [, number = ''] = part.id.split('.');
  const home = readdirSync(folder).find((name) => name.startsWith(`${number}-`)) ?? '';
  const file = [`${lang}.json`, 'en.json']
    .map((name) => path.join(folder, home, name))
    .find((name) => existsSync(name));
  if (file === undefined) return undefined;
  const { title } = JSON.parse(readFileSync(file, 'utf8')) as { title: string };
  return title;
}

function about({ name, docstring }: TaughtFunction, withName: boolean): string {
  const markdown = docstringMarkdown(docstring);
  return withName ? `**\`${name}\`**\n\n${markdown}` : markdown;
}
