/** Which operation comes next: the end, errors, and parts that are skipped. */
import { AT_FDCWD, ERRNO, space } from '../../../src/sys/index.ts';
import { missing, say, zero, type Scenario } from './scenario.ts';

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

export const FLOW: readonly Scenario[] = [...ENDING, ...ERRORS, ...SKIPS];
