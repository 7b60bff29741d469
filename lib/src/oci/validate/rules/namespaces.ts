/** Namespaces, and what needs one of its own. */
import type { RuntimeConfig } from '../../config.ts';
import { TIME_NAMESPACE_CLOCKS } from '../../namespaces.ts';
import { pointerTo } from '../../schema/check.ts';
import type { Report } from '../problem.ts';
import { checkAbsolute, hasNamespace, joinedPath } from './rule.ts';
import type { Rule } from './rule.ts';

export const namespaceRules: readonly Rule[] = [
  { reads: ['/linux/namespaces'], check: checkNamespaces },
  { reads: ['/linux/namespaces', '/linux/timeOffsets'], check: checkTimeOffsets },
  {
    reads: ['/linux/namespaces', '/linux/maskedPaths', '/linux/readonlyPaths'],
    check: checkHiddenPaths,
  },
];

function checkNamespaces({ linux }: RuntimeConfig, report: Report): void {
  const seen = new Set<string>();
  for (const [index, { type, path }] of (linux?.namespaces ?? []).entries()) {
    const at = `/linux/namespaces/${index}`;
    if (seen.has(type)) {
      report.error(`${at}/type`, type, 'in the list only once', 'Remove one of the entries.');
    }
    seen.add(type);
    if (path !== undefined && !path.startsWith('/')) {
      const next = 'Write the whole path, such as "/proc/1234/ns/net".';
      report.error(`${at}/path`, path, 'an absolute path on the host', next);
    }
  }
}

/** time_namespaces(7): offsets can be set only until the first process has entered. */
function checkTimeOffsets(config: RuntimeConfig, report: Report): void {
  const offsets = config.linux?.timeOffsets ?? {};
  const clocks = Object.keys(offsets);
  const known: readonly string[] = TIME_NAMESPACE_CLOCKS;
  for (const clock of clocks.filter((name) => !known.includes(name))) {
    const at = pointerTo('/linux/timeOffsets', clock);
    const next = 'Other clocks cannot be shifted.';
    report.error(at, clock, `the clock ${known.join(' or ')}`, next);
  }
  if (clocks.length > 0 && !hasNamespace(config, 'time')) {
    const next = 'Add {"type": "time"} to /linux/namespaces, or remove the offsets.';
    report.error('/linux/timeOffsets', offsets, 'absent without a time namespace', next);
  }
  if (clocks.length > 0 && joinedPath(config, 'time') !== undefined) {
    const next = 'Remove the offsets: the joined namespace has its own.';
    report.error('/linux/timeOffsets', offsets, 'absent when a time namespace is joined', next);
  }
}

/** In the host's mount namespace, hiding a path would hide it from the host. */
function checkHiddenPaths(config: RuntimeConfig, report: Report): void {
  for (const field of ['maskedPaths', 'readonlyPaths'] as const) {
    const paths = config.linux?.[field] ?? [];
    checkAbsolute(paths, `/linux/${field}`, report);
    if (paths.length > 0 && !hasNamespace(config, 'mount')) {
      const next = 'Add {"type": "mount"} to /linux/namespaces, or remove the paths.';
      report.error(`/linux/${field}`, paths, 'absent without a mount namespace', next);
    }
  }
}
