/** What a reader does with the built site: search, turn pages, open a solution, print. */
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, Reader } from './browser.ts';

const site = inject('bookUrl');
const chapter = 'chapters/01-namespaces.html';
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const open = (name: string, options?: BrowserContextOptions): Promise<Reader> =>
  Reader.open(browser, site, name, { viewport: { width: 1280, height: 900 }, ...options });

describe('by keyboard', () => {
  it('the first stop leads past the menus', async () => {
    await using reader = await open(chapter);
    await reader.page.keyboard.press('Tab');
    expect(await reader.page.evaluate('document.activeElement.textContent.trim()')).toBe(
      'Skip to content',
    );
  });

  it('a search finds a chapter, and Enter opens it', async () => {
    await using reader = await open('introduction.html');
    const { page } = reader;
    await page.waitForLoadState('networkidle');
    await page.keyboard.press('/');
    await page.locator('#localsearch-input').fill('whiteout');
    const results = page.locator('#localsearch-list li a');
    await results.first().waitFor();
    expect((await results.allTextContents()).join('\n')).toContain('03 Overlayfs');
    await page.keyboard.press('Enter');
    await page.waitForURL(/overlayfs/);
    expect(reader.problems).toEqual([]);
  });

  it('a solution is folded, and opens', async () => {
    await using reader = await open(chapter);
    const solution = reader.page.locator('#exercise-01-1 ~ details').first();
    expect(await solution.locator('pre').isVisible()).toBe(false);
    await solution.locator('summary').press('Enter');
    expect(await solution.locator('pre').textContent()).toContain('const wanted = new Map');
  });
});

it('pages are turned forwards and back', async () => {
  await using reader = await open(chapter);
  const { page } = reader;
  await page.locator('.pager-link.next').click();
  await page.waitForURL(/02-cgroups/);
  await page.locator('.pager-link.prev').click();
  await page.waitForURL(/01-namespaces/);
});

it('light becomes dark by a switch, and stays so', async () => {
  await using reader = await open(chapter, { colorScheme: 'light' });
  const { page } = reader;
  await page.waitForLoadState('networkidle');
  await page.locator('.VPSwitchAppearance').first().click();
  await page.reload();
  expect(await page.locator('html').getAttribute('class')).toContain('dark');
});

it('a narrow page has its menu behind a button', async () => {
  await using reader = await open(chapter, { viewport: { width: 390, height: 844 } });
  const { page } = reader;
  await page.waitForLoadState('networkidle');
  expect(await page.locator('.VPSidebar.open').count()).toBe(0);
  await page.locator('.VPLocalNav .menu').click();
  await page.locator('.VPSidebar.open').waitFor();
  await page.locator('.VPSidebar').getByText('02 Control groups').click();
  await page.waitForURL(/02-cgroups/);
});

it('without scripts the text is all there', async () => {
  await using reader = await open(chapter, { javaScriptEnabled: false });
  const { page } = reader;
  expect(await page.locator('h1').textContent()).toContain('01 Namespaces');
  expect(await page.locator('figure svg').first().isVisible()).toBe(true);
  expect(await page.locator('.VPSidebar').getByText('02 Control groups').isVisible()).toBe(true);
});

it('on paper there are no menus, and long lines wrap', async () => {
  await using reader = await open(chapter, { colorScheme: 'dark' });
  const { page } = reader;
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.VPSidebar').isVisible()).toBe(false);
  expect(await page.locator('.VPNav').isVisible()).toBe(false);
  const cut = await page.evaluate(
    "[...document.querySelectorAll('.vp-doc > div > [class*=language-] pre')].filter((pre) => pre.scrollWidth > pre.clientWidth + 1).length",
  );
  expect(cut).toBe(0);
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
    'rgb(255, 255, 255)',
  );
});
