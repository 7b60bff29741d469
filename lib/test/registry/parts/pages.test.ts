import { expect, it } from 'vitest';
import { nextPage } from '#parts/registry/pages.ts';

const page = new URL('https://r.example/v2/a/tags/list?n=2');

it.each([
  ['</v2/a/tags/list?n=2&last=b>; rel="next"', 'https://r.example/v2/a/tags/list?n=2&last=b'],
  ['<?n=2&last=b>; rel=next', 'https://r.example/v2/a/tags/list?n=2&last=b'],
  ['<https://r.example:443/x>;rel="next"', 'https://r.example/x'],
  ['</x>; rel="prev next"', 'https://r.example/x'],
  ['</x>; REL="NEXT"', 'https://r.example/x'],
  ['</x>; title="a, b; c"; rel="next"', 'https://r.example/x'],
  ['</x,y;z>; rel="next"', 'https://r.example/x,y;z'],
  ['</first>; rel="prev", </x>; rel="next", </y>; rel="next"', 'https://r.example/x'],
])('%s leads to %s', (link, expected) => {
  expect(nextPage(link, page)?.href).toBe(expected);
});

it.each([
  undefined,
  '',
  '</x>',
  '</x>; rel="prev"',
  '</x>; rel="nextish"',
  '</x>; title="a; rel=next"; rel="prev"',
  '/x; rel="next"',
  'rel="next"',
  '</x; rel="next"',
])('%s leads nowhere', (link) => {
  expect(nextPage(link, page)).toBeUndefined();
});

it.each([
  ['<https://evil.example/x>; rel="next"', 'at another place'],
  ['<//evil.example/x>; rel="next"', 'at another place'],
  ['<http://r.example/x>; rel="next"', 'at another place'],
  ['<https://r.example:8443/x>; rel="next"', 'at another place'],
  ['<file:///x>; rel="next"', 'at another place'],
  ['<https://[>; rel="next"', 'at another place'],
  ['<https://me:pw@r.example/x>; rel="next"', 'at another place'],
  ['<>; rel="next"', 'leads to itself'],
  ['<#more>; rel="next"', 'leads to itself'],
  ['</v2/a/tags/list?n=2>; rel="next"', 'leads to itself'],
])('%s is refused', (link, why) => {
  expect(() => nextPage(link, page)).toThrow(
    expect.objectContaining({
      code: 'BAD_RESPONSE',
      message: expect.stringContaining(why) as string,
    }),
  );
});

it('takes a header that is made to be slow in no time', () => {
  expect(nextPage(`</x>${'; a '.repeat(20_000)}`, page)).toBeUndefined();
});
