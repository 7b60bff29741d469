/** The process: where it starts, what it runs, its environment, limits and capabilities. */
import { CAPABILITY_NAMES } from '../../capabilities.ts';
import type { RuntimeConfig } from '../../config.ts';
import { parseNumberList } from '../../number-list.ts';
import { nearest } from '../nearest.ts';
import type { Report } from '../problem.ts';
import type { Rule } from './rule.ts';

export const processRules: readonly Rule[] = [
  { reads: ['/process/cwd', '/process/args'], check: checkProgram },
  { reads: ['/process/env'], check: checkEnvironment },
  { reads: ['/process/rlimits'], check: checkRlimits },
  { reads: ['/process/capabilities'], check: checkCapabilities },
  { reads: ['/process/execCPUAffinity'], check: checkAffinity },
];

function checkProgram({ process }: RuntimeConfig, report: Report): void {
  if (process === undefined) return;
  if (!process.cwd.startsWith('/')) {
    report.error('/process/cwd', process.cwd, 'an absolute path', 'Begin it with "/".');
  }
  if (process.args === undefined || process.args.length === 0) {
    const next = 'Add the program and its arguments, for instance ["sh"].';
    report.error('/process/args', process.args, 'a list of at least one string', next);
  }
}

function checkEnvironment({ process }: RuntimeConfig, report: Report): void {
  for (const [index, entry] of (process?.env ?? []).entries()) {
    if (entry.indexOf('=') < 1) {
      const next = 'Put a name and "=" before the value.';
      report.error(`/process/env/${index}`, entry, 'of the form NAME=value', next);
    }
  }
}

function checkRlimits({ process }: RuntimeConfig, report: Report): void {
  const seen = new Set<string>();
  for (const [index, { type, soft, hard }] of (process?.rlimits ?? []).entries()) {
    const at = `/process/rlimits/${index}`;
    if (seen.has(type)) {
      report.error(`${at}/type`, type, 'in the list only once', 'Remove one of the entries.');
    }
    seen.add(type);
    if (soft > hard) {
      const next = 'Lower the soft limit or raise the hard one.';
      report.error(`${at}/soft`, soft, `at most the hard limit, ${hard}`, next);
    }
  }
}

/** One that the kernel does not know cannot be granted; config.md asks for a warning only. */
function checkCapabilities({ process }: RuntimeConfig, report: Report): void {
  const known: readonly string[] = CAPABILITY_NAMES;
  for (const [set, names] of Object.entries(process?.capabilities ?? {})) {
    if (!Array.isArray(names)) continue;
    for (const [index, name] of (names as string[]).entries()) {
      if (known.includes(name)) continue;
      const meant = nearest(name, known);
      const next = meant === undefined ? 'It is ignored.' : `It is ignored; is it "${meant}"?`;
      const at = `/process/capabilities/${set}/${index}`;
      report.warn(at, name, 'a name of capabilities(7)', next);
    }
  }
}

function checkAffinity({ process }: RuntimeConfig, report: Report): void {
  for (const field of ['initial', 'final'] as const) {
    const list = process?.execCPUAffinity?.[field];
    if (list !== undefined && parseNumberList(list) === undefined) {
      const next = 'Write numbers and rising ranges, separated by commas.';
      report.error(`/process/execCPUAffinity/${field}`, list, 'a list such as "0-3,7"', next);
    }
  }
}
