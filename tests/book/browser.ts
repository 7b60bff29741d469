/** Debian's Chromium, without a window, and what the tests ask of a page in it. */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { find } from '../../chapters/12-engine/workbook/packages.ts';

const dist = path.resolve(import.meta.dirname, '../../book/dist');
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Chromium refuses to sandbox itself as root. What it opens here is our own. */
export function launch(): Promise<Browser> {
  const executablePath = find('chromium') ?? 'chromium';
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}

/** The addresses of all built pages, from the site's root: `chapters/01-namespaces.html`. */
export function builtPages(): string[] {
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html') && name !== '404.html')
    .toSorted();
}

/** A page that keeps what went wrong in it: errors, and requests to anybody else or for nothing. */
export class Reader implements AsyncDisposable {
  readonly page: Page;
  readonly problems: string[] = [];

  private constructor(page: Page, site: string) {
    this.page = page;
    page.on('pageerror', ({ message }) => this.problems.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(site)) this.problems.push(`asks for ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) {
        this.problems.push(`${response.status()} for ${response.url()}`);
      }
    });
  }

  /** Opens a page of the site in a context of its own, with nothing in its storage. */
  static async open(
    browser: Browser,
    site: string,
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<Reader> {
    const context = await browser.newContext(options);
    const reader = new Reader(await context.newPage(), site);
    await reader.page.goto(site + name, { waitUntil: 'load' });
    return reader;
  }

  /**
   * What axe-core finds serious or critical, each with the first element that has it.
   * @param rules only these, for the second look at a page; all otherwise.
   */
  async barriers(...rules: readonly string[]): Promise<string[]> {
    await this.page.addScriptTag({ path: axe });
    const options = { resultTypes: ['violations'], ...(rules.length > 0 && { runOnly: rules }) };
    const { violations } = await this.page.evaluate<AxeResults>(
      `axe.run(${JSON.stringify(options)})`,
    );
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html ?? ''}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}
