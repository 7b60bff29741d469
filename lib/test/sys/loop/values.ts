/** What goes into a call and what comes out: arguments, memory, results, flags. */
import {
  AT_FDCWD,
  directoryFlag,
  ERRNO,
  load,
  noFollowFlag,
  place,
  space,
  words,
  type Argument,
  type SyscallProgram,
} from '../../../src/sys/index.ts';
import { missing, say, STDOUT, type Scenario } from './scenario.ts';

/** A multiple of every page size. */
const PAGE = 0x10000;
const PROT_READ = 1;
const MAP_PRIVATE = 2;
const MFD_NAME = 'scenario';

const F_SETFL = 4;
const O_APPEND = 0o2000;

/**
 * A file of which one page has contents, mapped by mmap(2), which takes six arguments.
 *
 * @param wrap makes an argument of the number that it is to be.
 */
function mapPage(program: SyscallProgram, wrap: (value: number, position: number) => Argument) {
  const file = program.call('memfd_create', [MFD_NAME, 0]);
  program.call('ftruncate', [file, PAGE]);
  program.call('fcntl', [file, F_SETFL, O_APPEND]);
  program.call('write', [file, 'a page', 6]);
  const direct = [0, 6, PROT_READ, MAP_PRIVATE].map(wrap);
  const map = program.call('mmap', [...direct, file, wrap(PAGE, 5)]);
  program.call('write', [STDOUT, map, 6]);
}

const ARGUMENTS: Scenario[] = [
  {
    name: 'all six arguments reach the kernel, and a result of 64 bits comes back whole',
    build(program) {
      mapPage(program, (value) => value);
    },
    output: 'a page',
  },
  ...[0, 1, 2, 3, 5].map((loaded): Scenario => ({
    name: `argument ${loaded} can be loaded when the operation runs`,
    build(program) {
      mapPage(program, (value, position) =>
        position === loaded ? load(place(words([99, value]), 8)) : value,
      );
    },
    output: 'a page',
  })),
  {
    name: 'all arguments can be loaded when the operation runs',
    build(program) {
      mapPage(program, (value) => load(place(words([value]))));
    },
    output: 'a page',
  },
  {
    name: 'a result can be stored into a structure',
    build(program) {
      const block = words([1, 2, 3]);
      say(program, 'four', { storeAt: place(block, 8) });
      program.call('write', [STDOUT, block, 24]);
    },
    output: 'four\x01\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0',
  },
  {
    name: 'a tolerated error is not stored',
    build(program) {
      const block = words([1]);
      missing(program, { tolerate: 'ENOENT', storeAt: place(block) });
      program.call('write', [STDOUT, block, 8]);
    },
    output: '\x01\0\0\0\0\0\0\0',
  },
  {
    name: 'what the kernel writes into space can be loaded',
    build(program) {
      const ends = space(16);
      program.call('pipe2', [ends, 0]);
      program.call('write', [load(place(ends, 4)), 'through', 7]);
      const received = space(7);
      program.call('read', [load(place(ends)), received, 7]);
      program.call('write', [STDOUT, received, 7]);
    },
    output: 'through',
  },
  {
    name: 'structures point to strings and to each other',
    build(program) {
      const inner = words(['xyz', 3]);
      program.call('sendmsg', [STDOUT, words([null, 0, inner, 1, null, 0, 0]), 0]);
    },
    output: 'xyz',
  },
  {
    name: 'arguments and words keep all 64 bits',
    build(program) {
      const file = program.call('memfd_create', [MFD_NAME, 0]);
      program.call('ftruncate', [file, 0x123_4567_89abn]);
      const status = space(256);
      program.call('statx', [file, '', 0x1000, 0x200, status]);
      program.call('write', [STDOUT, place(status, 40), 8]);
      program.call('write', [STDOUT, words([0x4142_4344_4546_4748n, -1]), 9]);
    },
    output: '\xab\x89\x67\x45\x23\x01\0\0HGFEDCBA\xff',
  },
];

const FLAGS: Scenario[] = [
  {
    name: 'O_DIRECTORY of the architecture refuses a file',
    build(program, arch) {
      program.call('openat', [AT_FDCWD, '/dev/null', directoryFlag(arch), 0]);
    },
    failure: { index: 0, result: -ERRNO.ENOTDIR },
  },
  {
    name: 'O_DIRECTORY of the architecture opens a directory',
    build(program, arch) {
      program.call('openat', [AT_FDCWD, '/', directoryFlag(arch), 0]);
    },
  },
  {
    name: 'O_NOFOLLOW of the architecture refuses a symbolic link',
    build(program, arch) {
      program.call('openat', [AT_FDCWD, '/proc/mounts', noFollowFlag(arch), 0]);
    },
    failure: { index: 0, result: -ERRNO.ELOOP },
  },
];

export const VALUES: readonly Scenario[] = [...ARGUMENTS, ...FLAGS];
