/**
 * Builds the entry points that ship: one bundle each, in `dist/`.
 *
 *     sources → esbuild → dist/NAME.cjs, with koffi's addon beside it → a first run fills the cache
 *
 * CommonJS in one file starts fastest: there is nothing to resolve, and V8 takes the compiled code
 * from the cache. What a command does not need stays in the bundle unevaluated, because its file is
 * reached by `import()` alone.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';

const here = import.meta.dirname;
const output = path.join(here, 'dist');
const library = path.join(here, '../../lib');

/** Entry point → its first file. */
const entries = { 'coracle-runtime': 'src/runtime-cli/entry.ts' };

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
copyFileSync(findAddon(), path.join(output, 'koffi.node'));
await build({
  entryPoints: Object.fromEntries(
    Object.entries(entries).map(([name, file]) => [name, path.join(here, file)]),
  ),
  outdir: output,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node26',
  minifySyntax: true,
  legalComments: 'none',
  define: { CORACLE_COMMIT: JSON.stringify(commit()), 'import.meta.url': '""' },
  plugins: [addonDirectly()],
  logLevel: 'warning',
});

/**
 * koffi's own loader looks for the right binary among many, which takes a third of Node's start.
 * Here it is known: libc.ts asks `createRequire(…)('koffi')`, and gets the addon itself.
 */
function addonDirectly(): Plugin {
  return {
    name: 'addon-directly',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^node:module$/ }, ({ importer }) =>
        importer.endsWith('/sys/libc.ts') ? { path: 'koffi', namespace: 'addon' } : undefined,
      );
      onLoad({ filter: /.*/, namespace: 'addon' }, () => ({
        contents: `
          export function createRequire() {
            return () => {
              const addon = { exports: {} };
              process.dlopen(addon, __dirname + '/koffi.node');
              return addon.exports;
            };
          }`,
      }));
    },
  };
}

/** The binary of this machine, in the package that koffi chose at installation. */
function findAddon(): string {
  const koffi = createRequire(path.join(library, 'package.json')).resolve('koffi');
  const platform = `linux-${process.arch}`;
  const found = createRequire(koffi).resolve(`@koromix/koffi-${platform}`);
  return path.join(path.dirname(found), platform.replace('-', '_'), 'koffi.node');
}

/** Of the checkout, with a mark when it has changes; empty outside of one. */
function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', here, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed ? '-dirty' : ''}`;
  } catch {
    return '';
  }
}
