/** What the loop must do, as programs that anybody may run, and what is seen from outside. */
import {
  AT_FDCWD,
  directoryFlag,
  ERRNO,
  load,
  noFollowFlag,
  place,
  space,
  words,
  type Architecture,
  type Argument,
  type OperationOptions,
  type SyscallProgram,
} from '../../../src/sys/index.ts';

export interface Scenario {
  readonly name: string;
  readonly build: (program: SyscallProgram, arch: Architecture) => void;
  /** What is on standard output. */
  readonly output?: string;
  /** The failure record; the exit code is 127 with one and 0 without. */
  readonly failure?: { readonly index: number; readonly result: number };
  readonly exitCode?: number;
}

const STDOUT = 1;

/** Appends a write of `text` to standard output. */
function say(program: SyscallProgram, text: string, options: OperationOptions = {}) {
  return program.call('write', [STDOUT, text, Buffer.byteLength(text)], options);
}

/** Appends a call that returns 0. */
function zero(program: SyscallProgram, options: OperationOptions = {}) {
  return program.call('chdir', ['/'], options);
}

/** Appends a call that fails with ENOENT. */
function missing(program: SyscallProgram, options: OperationOptions = {}) {
  return program.call('chdir', ['/does/not/exist'], options);
}

const ENDING: Scenario[] = [
  {
    name: 'operations run in order, and the end of the program is exit code 0',
    build(program) {
      say(program, 'one ');
      say(program, 'two');
    },
    output: 'one two',
  },
  { name: 'an empty program ends', build: () => undefined },
  {
    name: 'exit_group ends the program with its code',
    build(program) {
      program.call('exit_group', [7]);
      say(program, 'never');
    },
    exitCode: 7,
  },
  {
    name: 'a failed operation is written to the control descriptor, and nothing follows it',
    build(program) {
      say(program, 'before');
      missing(program);
      say(program, 'after');
    },
    output: 'before',
    failure: { index: 1, result: -ERRNO.ENOENT },
  },
  {
    name: 'the exit code is 127 even where the record cannot be written',
    build(program) {
      program.call('close', [3]);
      missing(program);
    },
    exitCode: 127,
  },
];

const ERRORS: Scenario[] = [
  {
    name: 'the tolerated errno is not a failure',
    build(program) {
      missing(program, { tolerate: 'ENOENT' });
      say(program, 'on');
    },
    output: 'on',
  },
  {
    name: 'another errno than the tolerated one is',
    build(program) {
      missing(program, { tolerate: 'EEXIST' });
    },
    failure: { index: 0, result: -ERRNO.ENOENT },
  },
  {
    name: 'every errno can be tolerated',
    build(program) {
      missing(program, { tolerate: 'any' });
      program.call('close', [99], { tolerate: 'any' });
      say(program, 'on');
    },
    output: 'on',
  },
  {
    name: 'success is fine where an errno is tolerated',
    build(program) {
      zero(program, { tolerate: 'ENOENT' });
      say(program, 'on', { tolerate: 'any' });
    },
    output: 'on',
  },
  {
    name: 'a result of zero can be a failure: the other side has gone',
    build(program) {
      const file = program.call('openat', [AT_FDCWD, '/dev/null', 0, 0]);
      program.call('read', [file, space(8), 8], { zeroIsFailure: true });
    },
    failure: { index: 1, result: 0 },
  },
  {
    name: 'a positive result is none',
    build(program) {
      say(program, 'on', { zeroIsFailure: true });
    },
    output: 'on',
  },
  {
    name: 'an error stays one where zero is a failure',
    build(program) {
      missing(program, { zeroIsFailure: true });
    },
    failure: { index: 0, result: -ERRNO.ENOENT },
  },
];

type Way = 'zero' | 'success' | 'error';

/** One earlier call, whether the two operations after it are skipped. */
function skipping(when: Way, earlier: string, append: typeof zero, output: string): Scenario {
  return {
    name: `when ${when}: the part is ${output.includes('part') ? 'run' : 'skipped'} after ${earlier}`,
    build(program) {
      const result = append(program, { tolerate: 'ENOENT' });
      program.skipWhen(result, when, () => {
        say(program, 'the ');
        say(program, 'part ');
      });
      say(program, 'on');
    },
    output,
  };
}

const positive: typeof zero = (program, options) => say(program, '.', options);

const SKIPS: Scenario[] = [
  skipping('zero', 'a zero', zero, 'on'),
  skipping('zero', 'a positive number', positive, '.the part on'),
  skipping('zero', 'a tolerated error', missing, 'the part on'),
  skipping('success', 'a zero', zero, 'on'),
  skipping('success', 'a positive number', positive, '.on'),
  skipping('success', 'a tolerated error', missing, 'the part on'),
  skipping('error', 'a zero', zero, 'the part on'),
  skipping('error', 'a positive number', positive, '.the part on'),
  skipping('error', 'a tolerated error', missing, 'on'),
  {
    name: 'an error that is not tolerated is a failure, not a reason to skip',
    build(program) {
      const result = missing(program);
      program.skipWhen(result, 'error', () => say(program, 'part'));
    },
    failure: { index: 0, result: -ERRNO.ENOENT },
  },
  {
    name: 'skipped parts nest',
    build(program) {
      program.skipWhen(missing(program, { tolerate: 'any' }), 'success', () => {
        say(program, 'outer ');
        program.skipWhen(zero(program), 'zero', () => say(program, 'inner '));
        say(program, 'still outer ');
      });
      say(program, 'on');
    },
    output: 'outer still outer on',
  },
  {
    name: 'a part at the end of the program can be skipped',
    build(program) {
      program.skipWhen(zero(program), 'zero', () => say(program, 'part'));
    },
    output: '',
  },
  {
    name: 'a part of a thousand operations can be skipped, and the index of a late failure is told',
    build(program) {
      program.skipWhen(zero(program), 'zero', () => {
        for (let count = 0; count < 1000; count += 1) say(program, 'part');
      });
      say(program, 'on');
      missing(program);
    },
    output: 'on',
    failure: { index: 1002, result: -ERRNO.ENOENT },
  },
];

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

export const SCENARIOS: readonly Scenario[] = [
  ...ENDING,
  ...ERRORS,
  ...SKIPS,
  ...ARGUMENTS,
  ...FLAGS,
];
