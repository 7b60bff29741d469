/** A second language is files beside the English ones, and no code. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Checkout } from './checkout.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const MESSAGES = 'chapters/12-engine/workbook/learn/messages';
const EXERCISE = 'chapters/01-namespaces/exercises/1-plan';

let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout();
  const english = JSON.parse(checkout.read(`${EXERCISE}/en.json`)) as object;
  checkout.write(`${EXERCISE}/zh.json`, JSON.stringify({ ...english, title: '整理清单' }));
  checkout.write(`${MESSAGES}/zh.json`, JSON.stringify({ 'start.added': '已写入:{file}' }));
}, 60_000);
afterAll(() => checkout[Symbol.dispose]());

describe('with CORACLE_LANG=zh', { timeout: 60_000 }, () => {
  it('what is translated is Chinese, and the rest English', () => {
    const { out } = checkout.workbookIn('zh', 'start', '01');
    expect(out).toContain('已写入:chapters/01-namespaces/mine/plan.ts');
    expect(out).toContain('Read chapters/01-namespaces/README.md');
    const list = checkout.workbookIn('zh', 'list', '01').out;
    expect(list).toContain('01.1  整理清单');
    expect(list).toContain('01.2  ');
  });
});

describe('the English catalogue', () => {
  const words = JSON.parse(readFileSync(path.join(root, MESSAGES, 'en.json'), 'utf8')) as object;
  const folder = path.join(root, 'chapters/12-engine/workbook');
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');

  it('has what the code says, and nothing that it never says', () => {
    const said = new Set([...code.matchAll(/words\(\s*'([^']+)'/g)].map(([, key]) => key));
    const built = (key: string): boolean => /^(?:about|help)\./.test(key);
    const unused = Object.keys(words).filter(
      (key) => !built(key) && !said.has(key) && !code.includes(`'${key}'`),
    );
    expect(unused).toEqual([]);
    expect([...said].filter((key) => !Object.hasOwn(words, key ?? ''))).toEqual([]);
  });
});
