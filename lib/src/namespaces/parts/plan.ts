/** Exercise 01.1: from the list in config.json to what is to be made and what to be joined. */
import type { LinuxNamespace } from '../../oci/index.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '../kinds.ts';
import type { NamespaceJoin, NamespacePlan } from '../plan.ts';

// #region exercise-01-1
/**
 * Sorts `linux.namespaces` of a config (config-linux.md, "Namespaces"). Pure.
 *
 * An entry with a path is joined, one without (or with an empty one) is made, and a kind that the
 * list does not have stays the caller's own. Both lists come in the order of NAMESPACE_KINDS,
 * whatever the order in the config. The `source` of what is joined is a JSON pointer to its path in the
 * config, `/linux/namespaces/INDEX/path`; INDEX counts the entries of the config's list, from 0. A PID or time namespace holds only children born after
 * unshare(2) or setns(2), so with either `mustFork` is true.
 */
export function planNamespaces(namespaces: readonly LinuxNamespace[]): NamespacePlan {
  const wanted = new Map(namespaces.map((entry, index) => [entry.type, { ...entry, index }]));
  const create: NamespaceKind[] = [];
  const join: NamespaceJoin[] = [];
  for (const kind of NAMESPACE_KINDS) {
    const entry = wanted.get(kind.type);
    if (entry === undefined) continue;
    if (entry.path === undefined || entry.path === '') create.push(kind);
    else join.push({ kind, path: entry.path, source: `/linux/namespaces/${entry.index}/path` });
  }
  const touched = [...create, ...join.map((entry) => entry.kind)];
  return { create, join, mustFork: touched.some(({ type }) => type === 'pid' || type === 'time') };
}
// #endregion exercise-01-1
