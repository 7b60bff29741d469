/** The user and group ids of a user namespace (user_namespaces(7)), written by its parent. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { planIdMappings, type IdMappings } from '#parts/namespaces/id-mappings.ts';
import { messageOf } from '../base/index.ts';
import { isRoot } from '../sys/index.ts';
import { NamespaceError } from './errors.ts';

/** An id that no mapping can name: the system has not told ours. */
const NO_ID = -1;

/**
 * Maps the ids of the user namespace that process `pid` has made.
 *
 * Root writes the maps itself, also root of a user namespace, which may map what is mapped to it.
 * Another user may map only itself that way; for subordinate ids (subuid(5)) the setuid helpers
 * newuidmap(1) and newgidmap(1) write them.
 *
 * @throws NamespaceError that names the map and what to do.
 */
export function writeIdMappings(pid: number, mappings: IdMappings): void {
  const writer = {
    privileged: isRoot(),
    uid: process.geteuid?.() ?? NO_ID,
    gid: process.getegid?.() ?? NO_ID,
  };
  for (const step of planIdMappings(mappings, writer)) {
    if ('write' in step) writeMap(`/proc/${pid}/${step.write}`, step.text);
    else runHelper(pid, step.run, step.ranges);
  }
}

function runHelper(pid: number, helper: string, ranges: readonly string[]): void {
  const kind = helper === 'newuidmap' ? 'uid' : 'gid';
  const { status, error, stderr } = spawnSync(helper, [String(pid), ...ranges], {
    encoding: 'utf8',
  });
  if (status === 0) return;
  throw new NamespaceError(
    'ID_MAP_HELPER',
    `/proc/${pid}/${kind}_map`,
    `${helper} refused the mapping: ${error === undefined ? stderr.trim() : messageOf(error)}; ` +
      `install the package uidmap and give this user a range in /etc/sub${kind}`,
  );
}

function writeMap(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new NamespaceError(
      'ID_MAP',
      path,
      `cannot write ${JSON.stringify(text.trim())} to ${path}: ${messageOf(error)}; ` +
        'the ids must be mapped once only, not overlap, and exist in the namespace of the caller',
      { cause: error },
    );
  }
}
