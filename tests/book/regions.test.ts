/** Code in the book comes from the sources, by region: one that is gone fails the build. */
import { createMarkdownRenderer, type MarkdownRenderer } from 'vitepress';
import { beforeAll, describe, expect, it } from 'vitest';
import { insertExercises } from '../../book/src/exercises.ts';
import { root } from './transcripts.ts';

const part = '@/lib/src/namespaces/parts/plan.ts';
let md: MarkdownRenderer;
beforeAll(async () => {
  md = await createMarkdownRenderer(root, { config: (each) => insertExercises(each, root) });
});

const render = (source: string, file: string): Promise<string> =>
  md.renderAsync(source, { path: `${root}/${file}`, relativePath: file, cleanUrls: false });

describe('a snippet', () => {
  it('is the code of its region', async () => {
    const html = await render(`<<< ${part}#exercise-01-1`, 'book/pages/x.md');
    expect(html).toContain('planNamespaces');
    expect(html).not.toContain('#region');
  });

  it.each([`${part}#exercise-01-99`, '@/lib/src/nowhere.ts#exercise-01-1'])(
    '%s is an error',
    async (snippet) => {
      await expect(render(`<<< ${snippet}`, 'book/pages/x.md')).rejects.toThrow(/not found/);
    },
  );
});

it('the marker becomes the exercises of the chapter that the page is of', async () => {
  const html = await render('<!-- exercises -->', 'chapters/01-namespaces/README.md');
  expect(html).toContain('id="exercise-01-1"');
  expect(html).toContain('id="exercise-01-7"');
  expect(html).toContain('<details');
});
