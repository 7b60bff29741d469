/** A page that imports a region which is gone: the build fails, and says which. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root } from './transcripts.ts';

// Inside of the package, whose modules the page needs.
const site = path.join(root, `book/.cache/broken-${process.pid}`);
afterAll(() => rmSync(site, { recursive: true, force: true }));

it('a missing region fails the build', () => {
  const part = path.join(root, 'lib/src/namespaces/parts/plan.ts');
  mkdirSync(site, { recursive: true });
  writeFileSync(path.join(site, 'index.md'), `# A page\n\n<<< ${part}#exercise-01-99\n`);
  const code = `import { build } from 'vitepress'; await build(${JSON.stringify(site)});`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', code],
    { cwd: root, encoding: 'utf8' },
  );
  expect(status).not.toBe(0);
  expect(stdout + stderr).toContain('region "exercise-01-99" not found');
});
