/** What a schema cannot say: a fact about several places of a config, or about the kernel. */
import type { RuntimeConfig } from '../../config.ts';
import type { LinuxNamespaceType } from '../../namespaces.ts';
import type { Report } from '../problem.ts';

/** `check` runs only when nothing that it reads has the wrong structure. */
export interface Rule {
  /** JSON pointers of the parts that `check` looks at. */
  readonly reads: readonly string[];
  readonly check: (config: RuntimeConfig, report: Report) => void;
}

/** Whether the container has a namespace of that type which is not the runtime's own. */
export function hasNamespace(config: RuntimeConfig, type: LinuxNamespaceType): boolean {
  return config.linux?.namespaces?.some((namespace) => namespace.type === type) ?? false;
}

/** The path of the namespace that the container joins, if it joins one of that type. */
export function joinedPath(config: RuntimeConfig, type: LinuxNamespaceType): string | undefined {
  return config.linux?.namespaces?.find((namespace) => namespace.type === type)?.path;
}

/** Reports the entries of a list of paths which are not absolute. */
export function checkAbsolute(paths: readonly string[], pointer: string, report: Report): void {
  for (const [index, path] of paths.entries()) {
    if (!path.startsWith('/')) {
      report.error(`${pointer}/${index}`, path, 'an absolute path', 'Begin it with "/".');
    }
  }
}
