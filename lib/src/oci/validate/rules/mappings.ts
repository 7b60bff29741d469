/** Lines of uid_map and gid_map, as user_namespaces(7) wants them. */
import type { RuntimeConfig } from '../../config.ts';
import type { LinuxIdMapping } from '../../mount.ts';
import type { User } from '../../process.ts';
import type { Report } from '../problem.ts';
import { hasNamespace, joinedPath } from './rule.ts';
import type { Rule } from './rule.ts';

export const mappingRules: readonly Rule[] = [
  {
    reads: ['/linux/namespaces', '/linux/uidMappings', '/linux/gidMappings'],
    check: checkUserNamespace,
  },
  {
    reads: ['/linux/namespaces', '/linux/uidMappings', '/linux/gidMappings', '/process/user'],
    check: checkUserIsMapped,
  },
];

const FIELDS = ['uidMappings', 'gidMappings'] as const;

/** A new user namespace needs both maps; without a user namespace there is nothing to map. */
function checkUserNamespace(config: RuntimeConfig, report: Report): void {
  const hasUser = hasNamespace(config, 'user');
  const joined = joinedPath(config, 'user') !== undefined;
  for (const field of FIELDS) {
    const mappings = config.linux?.[field];
    const given = mappings !== undefined && mappings.length > 0;
    const at = `/linux/${field}`;
    if (given && !hasUser) {
      const next = 'Add {"type": "user"} to /linux/namespaces, or remove the mappings.';
      report.error(at, mappings, 'absent without a user namespace', next);
    } else if (given && joined) {
      const next = 'Remove one: a joined user namespace keeps the mappings that it has.';
      report.warn(at, mappings, 'absent when a user namespace is joined by its path', next);
    } else if (!given && hasUser && !joined) {
      const next = 'Add at least {"containerID": 0, "hostID": …, "size": 1}.';
      report.error(at, mappings, 'a list of mappings for the new user namespace', next);
    }
    if (given) checkMappings(mappings, at, report);
  }
}

/** UID_GID_MAP_MAX_EXTENTS of linux/user_namespace.h. */
const MOST_LINES = 340;

/** The ids end before 2^32 - 1, which means "no id". */
const END_OF_IDS = 0xffff_ffff;

/** Reports what the kernel would refuse about one map, at the JSON pointer `at`. */
export function checkMappings(
  mappings: readonly LinuxIdMapping[],
  at: string,
  report: Report,
): void {
  if (mappings.length > MOST_LINES) {
    const next = 'Join neighbouring mappings.';
    report.error(at, mappings, `a list of at most ${MOST_LINES} mappings`, next);
  }
  for (const [index, mapping] of mappings.entries()) {
    if (mapping.size === 0) {
      const next = 'Map at least one id, or remove the entry.';
      report.error(`${at}/${index}/size`, 0, 'greater than zero', next);
    }
    for (const side of ['containerID', 'hostID'] as const) {
      if (mapping[side] + mapping.size > END_OF_IDS) {
        const next = 'Lower the size or the first id.';
        report.error(
          `${at}/${index}/size`,
          mapping.size,
          `small enough: ${side} + size may be at most ${END_OF_IDS}`,
          next,
        );
      }
    }
  }
  for (const side of ['containerID', 'hostID'] as const) checkOverlap(mappings, side, at, report);
}

function checkOverlap(
  mappings: readonly LinuxIdMapping[],
  side: 'containerID' | 'hostID',
  at: string,
  report: Report,
): void {
  const sorted = [...mappings.entries()].sort(([, a], [, b]) => a[side] - b[side]);
  for (const [position, [index, mapping]] of sorted.entries()) {
    const before = sorted[position - 1];
    if (before === undefined || before[1][side] + before[1].size <= mapping[side]) continue;
    const allowed = `outside of the ids that mapping ${before[0]} has`;
    const next = 'Make the ranges of ids disjoint.';
    report.error(`${at}/${index}/${side}`, mapping[side], allowed, next);
  }
}

/** setresuid(2) and setgroups(2) refuse an id that the new user namespace does not know. */
function checkUserIsMapped(config: RuntimeConfig, report: Report): void {
  const { uidMappings = [], gidMappings = [] } = config.linux ?? {};
  const isNew = hasNamespace(config, 'user') && joinedPath(config, 'user') === undefined;
  if (config.process === undefined || !isNew) return;
  if (uidMappings.length === 0 || gidMappings.length === 0) return;
  const { uid, gid, additionalGids } = userOf(config);
  const check = (id: number, mappings: readonly LinuxIdMapping[], field: string) => {
    if (isMapped(id, mappings)) return;
    const next = 'Map it in /linux, or run as another user.';
    report.error(`/process/user/${field}`, id, 'an id that the user namespace maps', next);
  };
  check(uid, uidMappings, 'uid');
  check(gid, gidMappings, 'gid');
  for (const [index, group] of additionalGids.entries()) {
    check(group, gidMappings, `additionalGids/${index}`);
  }
}

/** A config that has not been filled in yet may leave out the user: root. */
function userOf({
  process,
}: {
  process?: { user?: Partial<User> };
}): Required<Omit<User, 'umask'>> {
  const { uid = 0, gid = 0, additionalGids = [] } = process?.user ?? {};
  return { uid, gid, additionalGids };
}

function isMapped(id: number, mappings: readonly LinuxIdMapping[]): boolean {
  return mappings.some(({ containerID, size }) => id >= containerID && id < containerID + size);
}
