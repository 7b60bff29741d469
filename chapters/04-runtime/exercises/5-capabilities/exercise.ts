import path from 'node:path';
import type { Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { settled } from '../host.ts';

/** Numbers of linux/capability.h. */
const CAP_CHOWN = 0;
const CAP_KILL = 5;
const CAP_NET_BIND_SERVICE = 10;
const CAP_SYSLOG = 34;
const KNOWN = 41;

const CLEAR = 'prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, ';
const RAISE = 'prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, ';

/** The numbers that are dropped from the bounding set. */
async function dropped(attempt: Attempt, capabilities?: object): Promise<number[]> {
  const { calls } = await attempt.program('appendBoundingSet', capabilities);
  return numbersOf(calls, /^prctl\((?:PR_CAPBSET_DROP|24), (\d+)/);
}

function numbersOf(calls: readonly string[], pattern: RegExp): number[] {
  return calls.flatMap((call) => {
    const found = pattern.exec(call)?.[1];
    return found === undefined ? [] : [Number(found)];
  });
}

const RAISED = /^prctl\((?:PR_CAP_AMBIENT|47), (?:PR_CAP_AMBIENT_RAISE|2), (-?\d+)/;

/** `{effective=0x1, …}` of the capset among the calls. */
function capset(calls: readonly string[]): string {
  const call = calls.find((each) => each.startsWith('capset(')) ?? '—';
  return /{effective.*?}/.exec(call)?.[0] ?? call;
}

export const exercise: Exercise = {
  id: '04.5',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'one-bit-each',
      async run(attempt) {
        attempt.equal(await attempt.call('capabilityMask', []), 0n);
        attempt.equal(await attempt.call('capabilityMask', ['CAP_CHOWN', 'CAP_KILL']), 0b100001n);
        attempt.equal(await attempt.call('capabilityMask', ['CAP_KILL', 'CAP_KILL']), 0b100000n);
      },
    },
    {
      id: 'more-than-32',
      async run(attempt) {
        const seen = await attempt.call('capabilityMask', ['CAP_SYSLOG']);
        attempt.equal(seen, 1n << BigInt(CAP_SYSLOG));
      },
    },
    {
      id: 'unknown-names',
      async run(attempt) {
        attempt.equal(await attempt.call('capabilityMask', ['CAP_FLY', 'CAP_KILL']), 0b100000n);
      },
    },
    {
      id: 'drops-the-others',
      async run(attempt) {
        const seen = await dropped(attempt, { bounding: ['CAP_CHOWN', 'CAP_KILL'] });
        const others = Array.from({ length: KNOWN }, (_, number) => number);
        attempt.equal(
          seen,
          others.filter((number) => number !== CAP_CHOWN && number !== CAP_KILL),
          'dropped',
        );
      },
    },
    {
      id: 'drops-all',
      async run(attempt) {
        attempt.equal((await dropped(attempt)).length, KNOWN, 'how-many');
        attempt.equal((await dropped(attempt, {})).length, KNOWN, 'how-many');
      },
    },
    {
      id: 'older-kernels',
      async run(attempt) {
        const { calls } = await attempt.program('appendBoundingSet', {});
        const strict = calls.filter((call) => !call.endsWith('?EINVAL'));
        attempt.equal(strict, [], 'strict-drops');
      },
    },
    {
      id: 'three-sets',
      async run(attempt) {
        const sets = {
          effective: ['CAP_CHOWN'],
          permitted: ['CAP_KILL'],
          inheritable: ['CAP_SYSLOG'],
        };
        const { calls } = await attempt.program('appendCapabilities', sets);
        attempt.equal(
          capset(calls),
          '{effective=0x1, permitted=0x20, inheritable=0x400000000}',
          'capset',
        );
      },
    },
    {
      id: 'extra',
      async run(attempt) {
        const sets = { effective: ['CAP_CHOWN'], permitted: ['CAP_CHOWN'] };
        const { calls } = await attempt.program('appendCapabilities', sets, ['CAP_KILL']);
        attempt.equal(capset(calls), '{effective=0x21, permitted=0x21, inheritable=0x0}', 'capset');
        attempt.equal(numbersOf(calls, RAISED), [], 'raised');
      },
    },
    {
      id: 'ambient-last',
      async run(attempt) {
        const names = ['CAP_NET_BIND_SERVICE', 'CAP_FLY'];
        const program = await attempt.program('appendCapabilities', {
          permitted: names,
          inheritable: names,
          ambient: names,
        });
        attempt.inOrder(program, 'capset(', CLEAR, `${RAISE}${CAP_NET_BIND_SERVICE}`);
        attempt.equal(numbersOf(program.calls, RAISED), [CAP_NET_BIND_SERVICE], 'raised');
      },
    },
    {
      id: 'clears-always',
      async run(attempt) {
        const program = await attempt.program('appendCapabilities');
        attempt.inOrder(program, 'capset(', CLEAR);
      },
    },
    {
      id: 'tolerates',
      async run(attempt) {
        const { calls } = await attempt.program('appendCapabilities', { ambient: ['CAP_KILL'] });
        const tolerated = calls.map(
          (call) => `${call.slice(0, call.indexOf(','))} ${/\?\w+/.exec(call)?.[0] ?? '-'}`,
        );
        attempt.equal(
          tolerated.slice(1),
          ['prctl(PR_CAP_AMBIENT ?EINVAL', 'prctl(PR_CAP_AMBIENT ?EPERM'],
          'tolerated',
        );
        attempt.equal(tolerated[0]?.endsWith('-'), true, 'strict-capset');
      },
    },
    {
      id: 'origins',
      async run(attempt) {
        const origins = async (name: string): Promise<string[]> => {
          const { lines } = await attempt.program(name, {});
          return [...new Set(lines.map((line) => line.replace(/^.*# /, '')))];
        };
        attempt.equal(
          await origins('appendBoundingSet'),
          ['/process/capabilities/bounding'],
          'origin',
        );
        attempt.equal(await origins('appendCapabilities'), ['/process/capabilities'], 'origin');
      },
    },
    {
      id: 'a-real-process',
      needs: 'kernel',
      async run(attempt) {
        const bound = ['CAP_CHOWN', 'CAP_NET_BIND_SERVICE'];
        const ambient = ['CAP_NET_BIND_SERVICE'];
        const sets = {
          bounding: bound,
          effective: bound,
          permitted: bound,
          inheritable: ambient,
          ambient,
        };
        const witness = await settled(attempt, await attempt.drive('become', 'become', sets));
        const mask = (numbers: readonly number[]): string =>
          numbers
            .reduce((all, number) => all | (1n << BigInt(number)), 0n)
            .toString(16)
            .padStart(16, '0');
        const [both, one] = [mask([CAP_CHOWN, CAP_NET_BIND_SERVICE]), mask([CAP_NET_BIND_SERVICE])];
        const wanted = { CapBnd: both, CapEff: both, CapPrm: both, CapInh: one, CapAmb: one };
        for (const [field, expected] of Object.entries(wanted)) {
          attempt.equal(witness.field(field)[0], expected, field);
        }
      },
    },
  ],
  async show(attempt) {
    const names = ['CAP_KILL', 'CAP_NET_BIND_SERVICE'];
    await attempt.program('appendCapabilities', {
      effective: names,
      permitted: names,
      inheritable: ['CAP_KILL'],
      ambient: ['CAP_KILL'],
    });
  },
};
