/** The built site in a browser: each page comes whole, and from nowhere else. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { builtPages, launch, openPage } from './browser.ts';

const site = inject('bookUrl');
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe('each page', () => {
  it('is there', () => {
    expect(builtPages()).toContain('chapters/01-namespaces.html');
  });

  it.each(builtPages())('%s asks nobody but its own server, and has no error', async (name) => {
    const { page, problems } = await openPage(browser, site + name);
    await page.mouse.wheel(0, 100_000);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
