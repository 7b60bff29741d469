import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const OPEN =
  "openInRoot(program, root, relative(path), O_PATH, { tolerate: 'ENOENT' });\n      program.skipWhen";
const OPEN_MASKED =
  "openInRoot(program, root, relative(path), O_PATH, { tolerate: 'ENOENT' });\n  program.skipWhen";
const PLAIN = "program.call('openat', [root, relative(path), O_PATH, 0], { tolerate: 'ENOENT' });";
const SET = '        setMountAttributes(program, tree, { set: MOUNT_ATTR_RDONLY }, true);\n';
const ATTACH = '        attachMount(program, tree, target);\n';
const NULL = "cloneTree(program, '/dev/null', false)";
const TRY = "attachMount(program, empty, target, { tolerate: 'EINVAL' });";
const UNLESS = "program.skipWhen(masked, 'success', () => {";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'follows-symlinks-to-the-host',
    change: [[OPEN, OPEN.replace(/^.*;/, PLAIN)]],
    killedBy: 'in-the-root',
  },
  {
    name: 'keeps-the-leading-slash',
    change: [["posix.join('/', path).slice(1) || '.'", "posix.join('/', path)"]],
    killedBy: 'in-the-root',
  },
  {
    name: 'has-no-path-for-the-root-itself',
    change: [["slice(1) || '.'", 'slice(1)']],
    killedBy: 'in-the-root',
  },
  {
    name: 'clones-the-path-and-not-the-descriptor',
    change: [['cloneTree(program, { fd: target }, true)', 'cloneTree(program, path, true)']],
    killedBy: 'readonly-copy',
  },
  {
    name: 'attaches-a-mount-that-is-still-writable',
    change: [[SET + ATTACH, ATTACH + SET]],
    killedBy: 'readonly-copy',
  },
  {
    name: 'leaves-the-clone-open',
    change: [["        program.call('close', [tree]);\n", '']],
    killedBy: 'readonly-copy',
  },
  {
    name: 'copies-the-topmost-mount-only',
    change: [
      ['cloneTree(program, { fd: target }, true)', 'cloneTree(program, { fd: target }, false)'],
    ],
    killedBy: 'all-below',
    seenByKernel: 'really-read-only',
  },
  {
    name: 'leaves-what-is-below-writable',
    change: [['{ set: MOUNT_ATTR_RDONLY }, true)', '{ set: MOUNT_ATTR_RDONLY }, false)']],
    killedBy: 'all-below',
    seenByKernel: 'really-read-only',
  },
  {
    name: 'fails-when-there-is-no-such-path',
    change: [[OPEN_MASKED, OPEN_MASKED.replace(", { tolerate: 'ENOENT' }", '')]],
    killedBy: 'not-there',
    seenByKernel: 'really-hidden',
  },
  {
    name: 'tolerates-any-failure',
    change: [[OPEN, OPEN.replace("'ENOENT'", "'any'")]],
    killedBy: 'not-there',
  },
  {
    name: 'closes-what-was-never-opened',
    change: [
      [
        "    program.call('close', [empty]);\n    program.call('close', [target]);\n  });",
        "    program.call('close', [empty]);\n  });\n  program.call('close', [target]);",
      ],
    ],
    killedBy: 'not-there',
  },
  {
    name: 'takes-the-null-of-the-container',
    change: [[NULL, "cloneTree(program, { fd: root, path: 'dev/null' }, false)"]],
    killedBy: 'null-over-a-file',
  },
  {
    name: 'masks-files-only',
    change: [[TRY, 'attachMount(program, empty, target);']],
    killedBy: 'null-over-a-file',
    seenByKernel: 'really-hidden',
  },
  {
    name: 'expects-the-wrong-errno-of-a-directory',
    change: [["{ tolerate: 'EINVAL' }", "{ tolerate: 'ENOTDIR' }"]],
    killedBy: 'null-over-a-file',
  },
  {
    name: 'jumps-the-wrong-way',
    change: [[UNLESS, UNLESS.replace('success', 'error')]],
    killedBy: 'tmpfs-over-a-directory',
    seenByKernel: 'really-hidden',
  },
  {
    name: 'hides-by-a-tmpfs-that-can-be-written',
    change: [['MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |', 'MOUNT_ATTR_NOSUID |']],
    killedBy: 'tmpfs-over-a-directory',
  },
  {
    name: 'masks-outside-of-the-container',
    change: [[OPEN_MASKED, OPEN_MASKED.replace(/^.*;/, PLAIN)]],
    killedBy: 'in-the-root',
    seenByKernel: 'never-outside',
  },
  {
    name: 'counts-paths-from-one',
    change: [['`/linux/maskedPaths/${index}`', '`/linux/maskedPaths/${index + 1}`']],
    killedBy: 'origins',
  },
];
