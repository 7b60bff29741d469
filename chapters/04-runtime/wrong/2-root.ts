import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const DEFAULT = 'if (asked === undefined) return MS_REC | MS_SLAVE;';
const CHOICE =
  'return (type & (MS_SHARED | MS_UNBINDABLE)) === 0 ? type | MS_REC : MS_REC | MS_SLAVE;';
const CUT_OFF = `  program.from('/linux/rootfsPropagation', () =>
    program.call('mount', [null, '/', null, hostPropagation(propagation), null]),
  );
`;
const ATTACH = '    attachMount(program, tree, place);\n';
const CLOSE_PLACE = "    program.call('close', [place]);\n";
const OPEN_OLD = "  const old = program.call('openat', [AT_FDCWD, '/', O_PATH | O_CLOEXEC, 0]);\n";
const ENTER = "  program.call('fchdir', [root]);\n";
const PIVOT = "  program.call('pivot_root', ['.', '.']);\n";
const BACK = "  program.call('fchdir', [old]);\n";
const SLAVE = "  program.call('mount', [null, '.', null, MS_SLAVE | MS_REC, null]);\n";
const UNMOUNT = "  program.call('umount2', ['.', MNT_DETACH]);\n";
const OUT = "  program.call('chdir', ['/']);\n";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'makes-everything-private-by-default',
    change: [[DEFAULT, 'if (asked === undefined) return MS_REC | MS_PRIVATE;']],
    killedBy: 'slaves',
  },
  {
    name: 'changes-only-the-topmost-mount',
    change: [[CHOICE, CHOICE.replace('type | MS_REC', 'type')]],
    killedBy: 'slaves',
  },
  {
    name: 'gives-the-container-the-shared-mounts-it-asks-for',
    change: [[CHOICE, 'return type | MS_REC;']],
    killedBy: 'never-shared',
    seenByKernel: 'host-sees-nothing',
  },
  {
    name: 'makes-unbindable-what-it-has-to-clone',
    change: [['(MS_SHARED | MS_UNBINDABLE)', 'MS_SHARED']],
    killedBy: 'never-shared',
  },
  {
    name: 'cuts-off-when-all-is-mounted',
    change: [
      [CUT_OFF, ''],
      [ATTACH, `${ATTACH}    ${CUT_OFF.trim()}\n`],
    ],
    killedBy: 'own-mount',
    seenByKernel: 'host-sees-nothing',
  },
  {
    name: 'leaves-behind-what-is-mounted-below',
    change: [['cloneTree(program, rootfs, true)', 'cloneTree(program, rootfs, false)']],
    killedBy: 'own-mount',
  },
  {
    name: 'never-closes-the-place',
    change: [[CLOSE_PLACE, '']],
    killedBy: 'own-mount',
  },
  {
    name: 'makes-private-all-below-too',
    change: [['{ propagation: MS_PRIVATE }, false)', '{ propagation: MS_PRIVATE }, true)']],
    killedBy: 'private-root',
  },
  {
    name: 'forgets-rslave',
    change: [
      [
        "if (propagation !== 'slave' && propagation !== 'rslave') {",
        "if (propagation !== 'slave') {",
      ],
    ],
    killedBy: 'private-root',
  },
  {
    name: 'returns-the-place-instead-of-the-clone',
    change: [['    return tree;', '    return place;']],
    killedBy: 'gives-the-clone',
  },
  {
    name: 'closes-the-clone',
    change: [[CLOSE_PLACE, `${CLOSE_PLACE}    program.call('close', [tree]);\n`]],
    killedBy: 'gives-the-clone',
  },
  {
    name: 'pivots-from-where-it-happens-to-be',
    change: [[ENTER, '']],
    killedBy: 'pivot',
  },
  {
    name: 'opens-the-old-root-when-it-is-the-new-one-already',
    change: [
      [OPEN_OLD, ''],
      [PIVOT, PIVOT + OPEN_OLD],
    ],
    killedBy: 'pivot',
  },
  {
    name: 'does-not-go-back',
    change: [[BACK, '']],
    killedBy: 'letting-go',
  },
  {
    name: 'unmounts-a-shared-root',
    change: [[SLAVE, '']],
    killedBy: 'letting-go',
    seenByKernel: 'host-loses-nothing',
  },
  {
    name: 'makes-a-slave-of-the-topmost-only',
    change: [[SLAVE, SLAVE.replace('MS_SLAVE | MS_REC', 'MS_SLAVE')]],
    killedBy: 'letting-go',
    seenByKernel: 'host-loses-nothing',
  },
  {
    name: 'keeps-the-old-root-mounted',
    change: [[UNMOUNT, '']],
    killedBy: 'letting-go',
    seenByKernel: 'sees-its-root-only',
  },
  {
    name: 'unmounts-before-it-lets-nothing-spread',
    change: [[SLAVE + UNMOUNT, UNMOUNT + SLAVE]],
    killedBy: 'letting-go',
  },
  {
    name: 'stays-in-what-is-gone',
    change: [[OUT, '']],
    killedBy: 'letting-go',
  },
  {
    name: 'names-one-origin-for-all',
    change: [["program.from('/root/path'", "program.from('/linux/rootfsPropagation'"]],
    killedBy: 'origins',
  },
];
