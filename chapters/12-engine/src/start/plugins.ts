/** How the bundles differ from the sources: some imports are loaded otherwise, for a faster start. */
import type { Plugin } from 'esbuild';

/**
 * koffi's own loader looks for the right binary among many, which takes a third of Node's start.
 * Here it is known: lib/src/sys asks `createRequire(…)('koffi')`, and gets the addon itself.
 */
export const addonDirectly: Plugin = {
  name: 'addon-directly',
  setup(build) {
    build.onResolve({ filter: /^node:module$/ }, ({ importer }) =>
      importer.endsWith('/sys/libc.ts') ? { path: 'koffi', namespace: 'addon' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'addon' }, () => ({
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

/** Built-in modules that are not in Node's snapshot, and take milliseconds each to load. */
const SLOW = /^node:(crypto|child_process|tty)$/;

/** Their functions load them at the first call. */
export const builtinsLate: Plugin = {
  name: 'builtins-late',
  setup(build) {
    build.onResolve({ filter: SLOW }, ({ path }) => ({ path, namespace: 'late' }));
    build.onLoad({ filter: /.*/, namespace: 'late' }, async ({ path }) => {
      const module = (await import(path)) as Record<string, unknown>;
      const names = Object.keys(module).filter((name) => typeof module[name] === 'function');
      const late = names
        .filter((name) => name !== 'default')
        .map(
          (name) => `export function ${name}(...args) {
          const real = process.getBuiltinModule(${JSON.stringify(path)}).${name};
          return new.target === undefined ? real(...args) : new real(...args);
        }`,
        );
      return { contents: late.join('\n') };
    });
  },
};

/**
 * `import` of node:http reads all that it exports, WebSocket and what is behind it too: a third of the
 * time in which `coracle` starts. As an object it is not read.
 */
export const builtinsWhole: Plugin = {
  name: 'builtins-whole',
  setup(build) {
    build.onResolve({ filter: /^node:https?$/ }, ({ path }) => ({ path, namespace: 'whole' }));
    build.onLoad({ filter: /.*/, namespace: 'whole' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};
