/** README.md's table of threats names tests that are there. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../..');
const table = readFileSync(path.join(import.meta.dirname, 'README.md'), 'utf8');
const rows = [...table.matchAll(/^\| \d+ \|.*\| `([^`]+)` \| `([^`]+)` \|$/gm)];

it('has every row read', () => {
  expect(rows).toHaveLength(table.match(/^\| \d+ /gm)?.length ?? 0);
});

it.each(rows.map(([, file = '', text = '']) => [file, text]))('%s: %s', (file, text) => {
  expect(readFileSync(path.join(repository, file), 'utf8')).toContain(text);
});
