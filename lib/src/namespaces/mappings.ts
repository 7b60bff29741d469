/** The user and group ids of a user namespace (user_namespaces(7)), written by its parent. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { messageOf } from '../base/index.ts';
import type { LinuxIdMapping } from '../oci/index.ts';
import { isRoot } from '../sys/index.ts';
import { NamespaceError } from './errors.ts';

/** `0 100000 65536`, one line a mapping: inside, outside, size. */
export function idMapText(mappings: readonly LinuxIdMapping[]): string {
  return mappings
    .map(({ containerID, hostID, size }) => `${containerID} ${hostID} ${size}\n`)
    .join('');
}

/**
 * Maps the ids of the user namespace that process `pid` has made.
 *
 * Root writes the maps itself, also root of a user namespace, which may map what is mapped to it.
 * Another user may map only itself that way; for subordinate ids (subuid(5)) the setuid helpers
 * newuidmap(1) and newgidmap(1) write them.
 *
 * @throws NamespaceError that names the map and what to do.
 */
export function writeIdMappings(
  pid: number,
  mappings: { readonly uid: readonly LinuxIdMapping[]; readonly gid: readonly LinuxIdMapping[] },
): void {
  const privileged = isRoot();
  const gidByHelper = !privileged && !mapsOnly(mappings.gid, process.getegid?.());
  // setgroups(2) must be given up before an unprivileged write of gid_map.
  if (!privileged && !gidByHelper) writeMap(`/proc/${pid}/setgroups`, 'deny');
  writeOrHelp(
    pid,
    'uid',
    mappings.uid,
    !privileged && !mapsOnly(mappings.uid, process.geteuid?.()),
  );
  writeOrHelp(pid, 'gid', mappings.gid, gidByHelper);
}

function mapsOnly(mappings: readonly LinuxIdMapping[], id: number | undefined): boolean {
  return mappings.length === 1 && mappings[0]?.hostID === id && mappings[0]?.size === 1;
}

function writeOrHelp(
  pid: number,
  kind: 'uid' | 'gid',
  mappings: readonly LinuxIdMapping[],
  byHelper: boolean,
): void {
  if (mappings.length === 0) return;
  if (!byHelper) {
    writeMap(`/proc/${pid}/${kind}_map`, idMapText(mappings));
    return;
  }
  const args = mappings.flatMap(({ containerID, hostID, size }) => [containerID, hostID, size]);
  const helper = `new${kind}map`;
  const { status, error, stderr } = spawnSync(helper, [String(pid), ...args.map(String)], {
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
