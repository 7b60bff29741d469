import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const DENY =
  "  if (!writer.privileged && gidSelf) steps.push({ write: 'setgroups', text: 'deny' });\n";
const RETURN = '  return steps;\n';

export const wrong: readonly WrongSolution[] = [
  {
    name: 'says-outside-before-inside',
    change: [['`${containerID} ${hostID} ${size}\\n`', '`${hostID} ${containerID} ${size}\\n`']],
    killedBy: 'text',
  },
  {
    name: 'ends-without-a-newline',
    change: [["${size}\\n`)\n    .join('')", "${size}`)\n    .join('\\n')"]],
    killedBy: 'text',
  },
  {
    name: 'writes-the-last-id-for-the-size',
    change: [['${hostID} ${size}\\n', '${hostID} ${hostID + size - 1}\\n']],
    killedBy: 'text',
  },
  {
    name: 'sends-root-to-the-helper',
    change: [['const uidSelf = writer.privileged || mapsOnly', 'const uidSelf = mapsOnly']],
    killedBy: 'root-writes',
  },
  {
    name: 'takes-setgroups-from-the-container-of-root',
    change: [['!writer.privileged && gidSelf', 'gidSelf']],
    killedBy: 'root-writes',
  },
  {
    name: 'writes-an-empty-map',
    change: [['if (mappings.gid.length > 0) {', '{']],
    killedBy: 'no-mappings',
  },
  {
    name: 'denies-setgroups-without-groups',
    change: [
      [
        'return rest.length === 0 && first',
        'return first === undefined || rest.length === 0 && first',
      ],
    ],
    killedBy: 'no-mappings',
  },
  {
    name: 'keeps-setgroups',
    change: [[DENY, '']],
    killedBy: 'myself',
    seenByKernel: 'maps-itself',
  },
  {
    name: 'denies-setgroups-too-late',
    change: [
      [DENY, ''],
      [RETURN, DENY + RETURN],
    ],
    killedBy: 'myself',
    seenByKernel: 'maps-itself',
  },
  {
    name: 'looks-for-its-id-inside',
    change: [['first?.hostID === id', 'first?.containerID === id']],
    killedBy: 'myself',
    seenByKernel: 'maps-itself',
  },
  {
    name: 'helps-every-user',
    change: [
      [
        '  const [first, ...rest] = mappings;\n  return rest.length === 0 && first?.hostID === id && first.size === 1;',
        '  return mappings.length < id && false;',
      ],
    ],
    killedBy: 'myself',
  },
  {
    name: 'looks-at-the-first-mapping-only',
    change: [['rest.length === 0 && first', 'rest.length >= 0 && first']],
    killedBy: 'helpers',
  },
  {
    name: 'gives-the-helper-whole-lines',
    change: [['[containerID, hostID, size].map(String),', '[`${containerID} ${hostID} ${size}`],']],
    killedBy: 'helpers',
  },
  {
    name: 'gives-the-helper-numbers',
    change: [
      ['[containerID, hostID, size].map(String),', '[containerID, hostID, size] as never[],'],
    ],
    killedBy: 'helpers',
  },
  {
    name: 'forgets-the-size',
    change: [['first?.hostID === id && first.size === 1', 'first?.hostID === id']],
    killedBy: 'more-than-myself',
  },
  {
    name: 'writes-any-single-id-itself',
    change: [['first?.hostID === id && first.size === 1', 'first?.size === 1']],
    killedBy: 'more-than-myself',
  },
  {
    name: 'decides-by-the-users-for-both',
    change: [['mapsOnly(mappings.gid, writer.gid)', 'mapsOnly(mappings.uid, writer.uid)']],
    killedBy: 'each-map',
  },
  {
    name: 'denies-setgroups-whenever-it-writes-users',
    change: [['!writer.privileged && gidSelf', '!writer.privileged && (gidSelf || uidSelf)']],
    killedBy: 'each-map',
  },
];
