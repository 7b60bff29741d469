/** The chapters' texts have one form, and what points into them finds its place. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exerciseMarkdown } from '../../book/src/exercises.ts';
import { en } from '../../book/src/locales/en.ts';
import { partsOf } from '../grader/source/parts.ts';
import { chapterTexts, root, textOf } from './transcripts.ts';

const sections = [
  'The problem in one picture',
  'What the kernel offers',
  'The smallest thing that works',
  'The real thing',
  'What goes wrong',
  'Exercises',
  'How the others do it',
  'Read on',
];

describe.each(chapterTexts())('%s', (file) => {
  const text = textOf(file);
  const folder = path.join(root, path.dirname(file));

  it('has the sections of every chapter', () => {
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(sections);
    expect(text).toMatch(/^<!-- exercises -->$/m);
  });

  it('begins with a picture, and each has words for who cannot see it', () => {
    const pictures = [...text.matchAll(/^!\[([^\]]*)\]\((\S+) "[^"]+"\)$/gm)];
    expect(pictures.length).toBeGreaterThan(0);
    const gone = pictures.filter(([, , name = '']) => !existsSync(path.join(folder, name)));
    const silent = pictures.filter(([, alt = '']) => alt.length < 40);
    expect([...gone, ...silent]).toEqual([]);
  });

  it('is what its exercises tell a learner to read', () => {
    const anchors = [...text.matchAll(/^##+ (.+)$/gm)].map(([, title = '']) => slug(title));
    for (const page of pagesToRead(path.join(folder, 'exercises'))) expect(anchors).toContain(page);
  });

  it('has all exercises of its layer, each with its code by region', () => {
    const parts = partsOf(path.basename(folder));
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) {
      const markdown = exerciseMarkdown(part, en, root);
      expect(markdown).toContain(`<<< @/${part.path}#exercise-${part.id.replace('.', '-')}`);
      expect(markdown).toContain(`### ${part.id} `);
    }
  });
});

it('all pictures have one style', () => {
  const folders = ['book', ...chapterTexts().map((file) => path.dirname(file))];
  const files = folders
    .map((folder) => path.join(root, folder, 'pictures'))
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)));
  const styles = files.map((file) => /<style>.*<\/style>/s.exec(readFileSync(file, 'utf8'))?.[0]);
  expect(new Set(styles).size).toBe(1);
});

function slug(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** The headings that the catalogues of a chapter's exercises name. */
function pagesToRead(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => path.join(folder, name, 'en.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as { read: { page: string } })
    .map(({ read }) => read.page.replace(/^#/, ''));
}
