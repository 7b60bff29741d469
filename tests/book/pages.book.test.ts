/** Each page of the built site, in a browser as narrow as a telephone, in light and dark. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { builtPages, launch, Reader } from './browser.ts';

const site = inject('bookUrl');
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

it('there are pages', () => {
  const pages = [
    'index',
    'setup',
    'chapters/01-namespaces',
    'chapters/04-runtime',
    'chapters/05-image',
    'chapters/06-registry',
    'reference/image',
    'reference/registry',
    'reference/sys',
  ];
  expect(builtPages()).toEqual(expect.arrayContaining(pages.map((name) => `${name}.html`)));
});

it.each(builtPages())('%s has no error and keeps nobody out', async (name) => {
  const options = { viewport: { width: 390, height: 844 }, colorScheme: 'light' } as const;
  await using reader = await Reader.open(browser, site, name, options);
  const { page } = reader;
  await page.waitForLoadState('networkidle');
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  expect(await reader.barriers()).toEqual([]);
  // Dark differs in its colours alone.
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html.dark').waitFor();
  expect(await reader.barriers('color-contrast')).toEqual([]);
  expect(reader.problems).toEqual([]);
});
