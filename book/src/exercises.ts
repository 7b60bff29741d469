/**
 * The exercises of a chapter, as Markdown, from their one source: the regions in
 * `lib/src/LAYER/parts/`. They take the place of the line `<!-- exercises -->` on the chapter's page.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { MarkdownRenderer } from 'vitepress';
import { partsOf, taughtFunctions, type Part } from '../../tests/grader/source/parts.ts';
import { docstringMarkdown } from './docstring.ts';
import { localeOf, type BookLocale } from './locales/index.ts';

const marker = /^<!-- exercises -->$/m;

/**
 * Wraps the renderer, so that pages and the search index get the same text.
 * @param root the top folder of the repository.
 */
export function insertExercises(md: MarkdownRenderer, root: string): void {
  const render = md.renderAsync.bind(md);
  md.renderAsync = (source, env: PageEnvironment = {}) => {
    const file = env.realPath ?? env.path ?? '';
    if (!marker.test(source)) return render(source, env);
    const chapter = path.basename(path.dirname(file));
    const locale = localeOf(env.localeIndex);
    for (const { path: part } of partsOf(chapter)) env.includes?.push(path.join(root, part));
    return render(
      source.replace(marker, () => exercisesMarkdown(chapter, locale, root)),
      env,
    );
  };
}

interface PageEnvironment {
  readonly path?: string;
  readonly realPath?: string;
  readonly includes?: string[];
  readonly localeIndex?: string;
}

export function exercisesMarkdown(chapter: string, locale: BookLocale, root: string): string {
  return partsOf(chapter)
    .map((part) => exerciseMarkdown(part, locale, root))
    .join('\n');
}

function exerciseMarkdown(part: Part, locale: BookLocale, root: string): string {
  const functions = taughtFunctions(part);
  const names = functions.map((each) => `\`${each.name?.text ?? ''}\``).join(', ');
  const title = catalogueTitle(part, locale, root) ?? names;
  const region = `exercise-${part.id.replace('.', '-')}`;
  return `### ${part.id} ${title} {#${region}}

${openingSentence(part)}

\`\`\`ts [chapters/${part.chapter}/mine/${part.file}]
${[...typesOf(part), ...functions.map(signature)].join('\n\n')}
\`\`\`

${functions.map((each) => about(each, functions.length > 1, part.text)).join('\n\n')}

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

/** `Exercise 01.1: from the list …` → `From the list …` */
function openingSentence({ text, path: file }: Part): string {
  const [, sentence] = /^\/\*\* Exercise [\d.]+: (.+?) \*\//.exec(text) ?? [];
  if (sentence === undefined)
    throw new Error(`${file} does not begin with /** Exercise NN.k: … */`);
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

/** The types that the file has for its exercise: they stay in what the learner gets. */
function typesOf({ file, text }: Part): string[] {
  return ts
    .createSourceFile(file, text, ts.ScriptTarget.Latest, true)
    .statements.filter((each) => ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each))
    .map((each) => each.getText());
}

function signature(each: ts.FunctionDeclaration): string {
  const end = each.body?.getStart() ?? each.getEnd();
  return `${each
    .getText()
    .slice(0, end - each.getStart())
    .trimEnd()};`;
}

function about(each: ts.FunctionDeclaration, withName: boolean, text: string): string {
  const comments = ts.getLeadingCommentRanges(text, each.getFullStart()) ?? [];
  const [docstring] = comments
    .map(({ pos, end }) => text.slice(pos, end))
    .filter((comment) => comment.startsWith('/**'))
    .slice(-1);
  const markdown = docstringMarkdown(docstring ?? '');
  return withName ? `**\`${each.name?.text ?? ''}\`**\n\n${markdown}` : markdown;
}
