/** What the book makes of a text before VitePress has it. */
import { describe, expect, it } from 'vitest';
import { docstringMarkdown } from '../../book/src/docstring.ts';
import { figure } from '../../book/src/figures.ts';
import { bookLink } from '../../book/src/links.ts';
import { pageOf } from '../../book/src/pages.ts';
import { tokenize } from '../../book/src/tokenize.ts';
import { root } from './transcripts.ts';

describe('which file is which page', () => {
  it.each([
    ['book/pages/setup.md', 'setup.md'],
    ['book/pages/zh/setup.md', 'zh/setup.md'],
    ['chapters/01-namespaces/README.md', 'chapters/01-namespaces.md'],
    ['chapters/01-namespaces/README.zh.md', 'zh/chapters/01-namespaces.md'],
    ['book/reference/sys.md', 'reference/sys.md'],
    ['README.md', undefined],
    ['book/README.md', undefined],
    ['chapters/01-namespaces/mine/notes.md', undefined],
  ])('%s', (file, page) => {
    expect(pageOf(file)).toBe(page);
  });
});

describe('a link', () => {
  const link = (href: string): string | undefined => bookLink(href, 'book/pages/setup.md', root);

  it.each([
    ['map.md', 'map.md'],
    ['map.md#where', 'map.md#where'],
    ['../../chapters/02-cgroups/README.md#limits', 'chapters/02-cgroups.md#limits'],
    ['https://example.org/', 'https://example.org/'],
    ['#here', '#here'],
  ])('to %s', (href, expected) => {
    expect(link(href)).toBe(expected);
  });

  it('to a file that is no page is none', () => {
    expect(link('../../package.json')).toBeUndefined();
  });

  it('to a file that is not there is an error', () => {
    expect(() => link('../../nowhere.ts')).toThrow(
      'book/pages/setup.md: there is no file nowhere.ts',
    );
  });
});

describe('a docstring', () => {
  it('is its text, without stars', () => {
    const comment = '/**\n * Uses {@link open} and `a < b`, or 1 < 2.\n *\n *     a  →  b\n */';
    expect(docstringMarkdown(comment)).toBe('Uses `open` and `a < b`, or 1 &lt; 2.\n\n    a  →  b');
  });

  it('has a list of its tags', () => {
    const comment =
      '/**\n * Text.\n *\n * @param a the first,\n *   on two lines.\n * @throws Error if not.\n */';
    expect(docstringMarkdown(comment)).toBe(
      'Text.\n\n- `a`: the first, on two lines.\n- Throws Error if not.',
    );
  });
});

it('a picture is drawn into the page, with ids and words of its own', () => {
  const svg =
    '<svg viewBox="0 0 1 1"><style>text { }</style><path id="head"/><g m="url(#head)"/></svg>';
  expect(figure(svg, { name: 'x', alt: 'A "word"', caption: 'a < b' })).toBe(
    '<figure class="picture" v-pre><svg role="img" aria-label="A &quot;word&quot;" viewBox="0 0 1 1">' +
      '<path id="x-head"/><g m="url(#x-head)"/></svg><figcaption>a &lt; b</figcaption></figure>\n',
  );
});

describe('the search finds', () => {
  it.each([
    ['pivot_root(2), please', ['pivot_root', '2', 'please']],
    ['用命名 space', ['用', '命', '名', '用命', '命名', 'space']],
  ])('in %s', (text, words) => {
    expect(tokenize(text)).toEqual(words);
  });
});
