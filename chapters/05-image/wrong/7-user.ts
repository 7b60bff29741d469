import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const FOUND =
  'if (wanted === undefined ? name === user : uid === wanted) return { name, uid, gid };';
const PASSED = '    if (uid === undefined || gid === undefined) continue;\n';
const NUMBER = 'if (wanted !== undefined) return { name: undefined, uid: wanted, gid: 0 };';
const MEMBER = "entry.name === undefined ? false : members.split(',').includes(entry.name),";
const ONCE = '[...new Set(gids)]';
const WITH_GROUP = 'gid: findGroup(groupName, groups), additionalGids: [] };';
const LARGE = '  throw tooLarge(what, text);\n';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'counts-the-fields-without-the-password',
    change: [['const [name, , uidText, gidText] of', 'const [name, uidText, gidText] of']],
    killedBy: 'name',
  },
  {
    name: 'takes-the-uid-for-the-gid',
    change: [
      [
        'return { uid: entry.uid, gid: entry.gid, additionalGids: ',
        'return { uid: entry.uid, gid: entry.uid, additionalGids: ',
      ],
    ],
    killedBy: 'name',
    seenByKernel: 'a-real-process',
  },
  {
    name: 'wants-root-in-passwd',
    change: [["name === '' ? '0' : name", "name === '' ? 'root' : name"]],
    killedBy: 'nobody',
  },
  {
    name: 'wants-numbers-in-passwd',
    change: [[`  ${NUMBER}\n`, '']],
    killedBy: 'nobody',
  },
  {
    name: 'gives-a-number-a-group-of-its-own',
    change: [[NUMBER, NUMBER.replace('gid: 0', 'gid: wanted')]],
    killedBy: 'number',
  },
  {
    name: 'does-not-look-for-numbers',
    change: [
      [
        FOUND,
        FOUND.replace('wanted === undefined ? name === user : uid === wanted', 'name === user'),
      ],
    ],
    killedBy: 'number-in-passwd',
  },
  {
    name: 'looks-for-the-name-first',
    change: [
      [
        FOUND,
        FOUND.replace(
          'wanted === undefined ? name === user : uid === wanted',
          'name === user || uid === wanted',
        ),
      ],
    ],
    killedBy: 'digits-are-no-name',
  },
  {
    name: 'looks-for-the-name-of-a-group-first',
    change: [
      [
        '  if (wanted !== undefined) return wanted;\n',
        '  if (wanted !== undefined && !groups.some(([name]) => name === group)) return wanted;\n',
      ],
    ],
    killedBy: 'digits-are-no-name',
  },
  {
    name: 'wants-the-number-of-a-group-in-the-file',
    change: [
      [
        '  if (wanted !== undefined) return wanted;\n',
        '  if (wanted !== undefined && groups.some(([, , gid]) => idOf(gid) === wanted)) return wanted;\n',
      ],
    ],
    killedBy: 'digits-are-no-name',
  },
  {
    name: 'forgets-the-group',
    change: [[WITH_GROUP, 'gid: entry.gid, additionalGids: [] };']],
    killedBy: 'digits-are-no-name',
  },
  {
    name: 'takes-the-last-group-for-the-group',
    change: [['found?.[2]', "found?.at(-2) === 'x' ? found.at(-1) : found?.at(-1)"]],
    killedBy: 'group',
  },
  {
    name: 'wants-the-members-of-the-group',
    change: [['entries(group, 3)', 'entries(group, 4)']],
    killedBy: 'group',
  },
  {
    name: 'adds-no-groups',
    change: [[ONCE, '[]']],
    killedBy: 'additional',
    seenByKernel: 'a-real-process',
  },
  {
    name: 'looks-at-the-first-member-alone',
    change: [[MEMBER, MEMBER.replace('.includes(entry.name)', '[0] === entry.name')]],
    killedBy: 'additional',
    seenByKernel: 'a-real-process',
  },
  {
    name: 'adds-the-own-group',
    change: [[ONCE, '[...new Set([entry.gid, ...gids])]']],
    killedBy: 'name',
  },
  {
    name: 'adds-no-groups-to-a-number',
    change: [
      [
        FOUND,
        FOUND.replace(
          'return { name, uid',
          'return { name: wanted === undefined ? name : undefined, uid',
        ),
      ],
    ],
    killedBy: 'additional-of-a-number',
  },
  {
    name: 'compares-a-number-with-members',
    change: [[MEMBER, "members.split(',').includes(String(entry.name ?? entry.uid)),"]],
    killedBy: 'additional-of-a-number',
  },
  {
    name: 'adds-groups-all-the-same',
    change: [
      [
        WITH_GROUP,
        "gid: findGroup(groupName, groups), additionalGids: groups.filter(([, , , members = '']) => members.split(',').includes(String(entry.name))).map(([, , gid]) => Number(gid)) };",
      ],
    ],
    killedBy: 'group',
  },
  {
    name: 'looks-for-a-group-without-name',
    change: [
      ["const [name = '', groupName = '', ...more] =", "const [name = '', groupName, ...more] ="],
      ["if (groupName !== '') {", 'if (groupName !== undefined) {'],
    ],
    killedBy: 'none-with-a-group',
  },
  {
    name: 'finds-the-name-in-a-text',
    change: [[MEMBER, MEMBER.replace(".split(',')", '')]],
    killedBy: 'members',
  },
  {
    name: 'takes-the-name-of-a-group-for-a-member',
    change: [
      ["([, , , members = '']) =>", "([groupOwn, , , members = '']) =>"],
      [
        MEMBER,
        "entry.name === undefined ? false : [groupOwn, ...members.split(',')].includes(entry.name),",
      ],
    ],
    killedBy: 'name',
  },
  {
    name: 'adds-a-group-twice',
    change: [[ONCE, 'gids']],
    killedBy: 'each-once',
  },
  {
    name: 'sorts-the-groups',
    change: [[ONCE, '[...new Set(gids)].toSorted((a, b) => a - b)']],
    killedBy: 'each-once',
  },
  {
    name: 'takes-the-last-line',
    change: [['of passwd) {', 'of passwd.toReversed()) {']],
    killedBy: 'the-first-line',
  },
  {
    name: 'believes-any-line',
    change: [
      [PASSED, ''],
      [
        'const [uid, gid] = [idOf(uidText), idOf(gidText)];',
        'const [uid, gid] = [Number(uidText), Number(gidText)];',
      ],
    ],
    killedBy: 'odd-lines',
  },
  {
    name: 'gives-up-at-an-odd-line',
    change: [
      [
        PASSED,
        "    if (uid === undefined || gid === undefined) throw unknown('user', user, '/etc/passwd');\n",
      ],
    ],
    killedBy: 'odd-lines',
  },
  {
    name: 'looks-at-the-uid-alone',
    change: [
      [PASSED, '    if (uid === undefined) continue;\n'],
      [FOUND, FOUND.replace('gid };', 'gid: gid ?? 0 };')],
    ],
    killedBy: 'odd-lines',
  },
  {
    name: 'is-root-where-nobody-is-found',
    change: [
      [
        "  throw unknown('user', user, '/etc/passwd');\n",
        "  return { name: 'root', uid: 0, gid: 0 };\n",
      ],
    ],
    killedBy: 'unknown',
  },
  {
    name: 'takes-what-Number-takes',
    change: [
      [
        '  if (!/^[0-9]+$/.test(text)) return undefined;\n  const id = idOf(text);',
        '  if (Number.isNaN(Number(text))) return undefined;\n  const id = Number(text) > LARGEST_ID ? undefined : Number(text);',
      ],
    ],
    killedBy: 'unknown',
  },
  {
    name: 'takes-the-first-two-parts',
    change: [['more.length > 0', 'more.length > 5']],
    killedBy: 'two-colons',
  },
  {
    name: 'lets-the-kernel-cut-it-off',
    change: [[LARGE, '  return Number(text) % 2 ** 32;\n']],
    killedBy: 'too-large',
  },
  {
    name: 'cuts-to-the-largest',
    change: [[LARGE, '  return LARGEST_ID;\n']],
    killedBy: 'too-large',
  },
];
