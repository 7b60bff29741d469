// config.md, process.user: ids, groups, umask.

import type { Case } from '../../harness/case.ts';

const USER = 'config.md#configPOSIXUser';

export const userCases: Case[] = [
  {
    section: USER,
    title: 'uid and gid are real, effective, saved and filesystem ids',
    config: { '/process/user': { uid: 1234, gid: 5678 } },
    script: 'grep -E "^(Uid|Gid)" /proc/$$/status',
    prints: 'Uid:\t1234\t1234\t1234\t1234\nGid:\t5678\t5678\t5678\t5678',
  },
  {
    section: USER,
    title: 'additionalGids are the supplementary groups',
    config: { '/process/user': { uid: 1000, gid: 1000, additionalGids: [5, 600, 70000] } },
    script: 'sed -n "s/^Groups:[[:space:]]*//p" /proc/$$/status',
    prints: '5 600 70000',
  },
  {
    section: USER,
    title: "without additionalGids the caller's groups do not come along",
    config: { '/process/user': { uid: 1000, gid: 1000 } },
    steps: async (box) => {
      box.script('grep ^Groups /proc/$$/status');
      box.writeConfig();
      const via = ['setpriv', '--groups', '4242'];
      const result = await box.callVia(via, 'run', '-b', box.bundle, box.id);
      box.match(result.out.trim(), /^Groups:\s*(1000)?$/, 'groups');
    },
  },
  {
    section: USER,
    title: "umask is the program's",
    since: '1.1',
    config: { '/process/user': { uid: 0, gid: 0, umask: 0o27 } },
    script: 'umask',
    prints: '0027',
  },
  {
    section: USER,
    title: 'a umask of 0 is a umask',
    since: '1.1',
    config: { '/process/user': { uid: 0, gid: 0, umask: 0 } },
    script: 'umask',
    prints: '0000',
  },
  {
    section: USER,
    title: 'an id of 31 bits can be used',
    config: { '/process/user': { uid: 2147483647, gid: 2147483647 } },
    script: 'id -u; id -g',
    prints: '2147483647\n2147483647',
  },
  {
    section: USER,
    title: 'a negative uid is refused',
    config: { '/process/user': { uid: -1, gid: 0 } },
    refused: true,
  },
  {
    section: USER,
    title: 'a uid beyond 32 bits is refused',
    config: { '/process/user': { uid: 4294967296, gid: 0 } },
    refused: true,
  },
  {
    section: USER,
    title: 'a uid that is a string is refused',
    config: { '/process/user': { uid: '0', gid: 0 } },
    refused: true,
  },
];
