/**
 * Builds the entry points that ship, into `dist/`.
 *
 *     coracle-runtime → esbuild → NAME.cjs (starts) + NAME/COMMAND.js (bundles) → warm-up → COMMAND.cache
 *     coracle         → esbuild → coracle/main.js and the pieces that its commands load
 *
 * A bundle of the runtime is one file of CommonJS: there is nothing to resolve, and V8 takes the compiled code from
 * the cache beside it. koffi's addon is copied in, so that `dist/` needs no node_modules.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { addonDirectly, builtinsLate, builtinsWhole } from './src/start/plugins.ts';
import { RUNTIME_BUNDLES } from './src/start/runtime-bundles.ts';
import { warmUp } from './src/start/warm-up.ts';

const here = import.meta.dirname;
const output = path.join(here, 'dist');
const sources = path.join(here, 'src/runtime-cli');

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node26',
  charset: 'ascii',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};

rmSync(output, { recursive: true, force: true });
mkdirSync(path.join(output, 'coracle-runtime'), { recursive: true });
copyFileSync(findAddon(), path.join(output, 'coracle-runtime/koffi.node'));
await build({
  ...common,
  entryPoints: [path.join(here, 'src/start/coracle-runtime.ts')],
  outfile: path.join(output, 'coracle-runtime.cjs'),
});
await Promise.all([...RUNTIME_BUNDLES, 'other'].map(buildCommand));
await buildCoracle();
warmUp(path.join(here, 'bin/coracle-runtime'));

/** A bundle is an expression: a function that gets what a module of CommonJS has. */
async function buildCommand(name: string): Promise<void> {
  const load =
    name === 'other'
      ? `import { loadCommand as load } from './commands/index.ts';`
      : `import { command } from './commands/${name}.ts';
         const load = () => Promise.resolve(command);`;
  const contents = `${load}
    import { begin } from './begin.ts';
    begin(load);`;
  await build({
    ...common,
    stdin: { contents, resolveDir: sources, loader: 'ts' },
    outfile: path.join(output, `coracle-runtime/${name}.js`),
    banner: { js: '(function (require, __dirname) {' },
    footer: { js: '})' },
    define: { CORACLE_COMMIT: JSON.stringify(commit()), 'import.meta.url': '""' },
    plugins: [addonDirectly, builtinsLate],
  });
}

/** Its commands take longer than a start: modules in pieces will do, each loaded when it is needed. */
async function buildCoracle(): Promise<void> {
  const outdir = path.join(output, 'coracle');
  mkdirSync(outdir);
  copyFileSync(findAddon(), path.join(outdir, 'koffi.node'));
  await build({
    ...common,
    format: 'esm',
    splitting: true,
    entryPoints: { main: path.join(here, 'src/start/coracle.ts') },
    outdir,
    banner: { js: 'const __dirname = import.meta.dirname;' },
    plugins: [addonDirectly, builtinsWhole],
  });
  writeFileSync(path.join(outdir, 'package.json'), '{ "type": "module" }\n');
}

/** The binary of this machine, in the package that koffi chose at installation. */
function findAddon(): string {
  const koffi = createRequire(path.join(here, '../../lib/package.json')).resolve('koffi');
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
