import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const KEEP = "    program.call('prctl', [PR_SET_KEEPCAPS, 1, 0, 0, 0]);\n";
const NO_LONGER = "    program.call('prctl', [PR_SET_KEEPCAPS, 0, 0, 0, 0]);\n";
const GROUPS = "    program.call('setgroups', [groups.length, groupList(groups)], tolerate);\n";
const GID = "    program.call('setresgid', [user.gid, user.gid, user.gid]);\n";
const UID = "    program.call('setresuid', [user.uid, user.uid, user.uid]);\n";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'leaves-a-way-back-to-root',
    change: [['[user.uid, user.uid, user.uid]', '[user.uid, user.uid, 0]']],
    killedBy: 'all-three-ids',
    seenByKernel: 'a-real-user',
  },
  {
    name: 'mixes-up-user-and-group',
    change: [['[user.gid, user.gid, user.gid]', '[user.uid, user.uid, user.uid]']],
    killedBy: 'all-three-ids',
  },
  {
    name: 'changes-the-user-first',
    change: [[GID + UID, UID + GID]],
    killedBy: 'user-last',
    seenByKernel: 'a-real-user',
  },
  {
    name: 'sets-the-groups-when-it-is-nobody-any-more',
    change: [
      [GROUPS, ''],
      [UID, UID + GROUPS],
    ],
    killedBy: 'user-last',
  },
  {
    name: 'writes-groups-as-words',
    change: [
      ['Math.max(groups.length, 1) * 4', 'Math.max(groups.length, 1) * 8'],
      ['index * 4)', 'index * 8)'],
    ],
    killedBy: 'groups-as-array',
  },
  {
    name: 'counts-bytes',
    change: [['[groups.length, ', '[groups.length * 4, ']],
    killedBy: 'groups-as-array',
  },
  {
    name: 'adds-the-own-group',
    change: [['user.additionalGids ?? []', '[user.gid, ...(user.additionalGids ?? [])]']],
    killedBy: 'groups-as-array',
  },
  {
    name: 'leaves-the-groups-of-the-runtime',
    change: [
      [
        GROUPS,
        `    if (groups.length > 0) program.call('setgroups', [groups.length, groupList(groups)], tolerate);\n`,
      ],
    ],
    killedBy: 'no-groups',
  },
  {
    name: 'loses-its-capabilities',
    change: [[KEEP, '']],
    killedBy: 'keeps-capabilities',
    seenByKernel: 'a-real-user',
  },
  {
    name: 'keeps-them-too-late',
    change: [
      [KEEP, ''],
      [UID, UID + KEEP],
    ],
    killedBy: 'keeps-capabilities',
  },
  { name: 'keeps-them-for-ever', change: [[NO_LONGER, '']], killedBy: 'keeps-capabilities' },
  { name: 'writes-the-umask-in-decimal', change: [['0o022', '22']], killedBy: 'umask' },
  { name: 'ignores-the-umask', change: [['user.umask ?? 0o022', '0o022']], killedBy: 'umask' },
  {
    name: 'takes-zero-for-missing',
    change: [['user.umask ?? 0o022', 'user.umask || 0o022']],
    killedBy: 'umask-of-zero',
  },
  {
    name: 'goes-on-without-the-groups-that-were-asked-for',
    change: [['options.mayBeDenied && groups.length === 0', 'options.mayBeDenied']],
    killedBy: 'may-be-denied',
  },
  {
    name: 'always-tolerates-it',
    change: [['options.mayBeDenied && groups.length === 0', 'groups.length === 0']],
    killedBy: 'may-be-denied',
  },
  {
    name: 'does-not-say-where-it-comes-from',
    change: [
      ["program.from('/process/user', () => {", '{'],
      ['  });\n}', '  }\n}'],
    ],
    killedBy: 'origin',
  },
];
