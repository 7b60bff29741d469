/** Hooks: the path is not searched for. */
import { HOOK_NAMES } from '../../hooks.ts';
import type { Rule } from './rule.ts';

export const hookRules: readonly Rule[] = HOOK_NAMES.map((name) => ({
  reads: [`/hooks/${name}`],
  check({ hooks }, report) {
    for (const [index, { path }] of (hooks?.[name] ?? []).entries()) {
      if (!path.startsWith('/')) {
        const next = 'Write the whole path of the program.';
        report.error(`/hooks/${name}/${index}/path`, path, 'an absolute path', next);
      }
    }
  },
}));
