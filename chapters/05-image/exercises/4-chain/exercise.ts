import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';

/** Digests of layers that are all alike, so that a report can say which they are. */
const [A, B, C] = ['a', 'b', 'c'].map((digit) => `sha256:${digit.repeat(64)}`) as [
  string,
  string,
  string,
];
const LONG = `sha512:${'d'.repeat(128)}`;
const NAMES: Readonly<Record<string, string>> = { A, B, C, LONG };

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function shown(names: readonly string[]): ReturnType<typeof named> {
  return named(`[${names.join(', ')}]`, valuesOf(names));
}

function valuesOf(names: readonly string[]): string[] {
  return names.map((name) => NAMES[name] ?? '');
}

/** Each ChainID by the text that it is the hash of, for those that are in the table. */
const FORMULAS: readonly (readonly [formula: string, text: string])[] = [
  ['A', A],
  ['B', B],
  ['sha256(A B)', sha256(`${A} ${B}`)],
  ['sha256(B A)', sha256(`${B} ${A}`)],
  ['sha256(A A)', sha256(`${A} ${A}`)],
  ['sha256(B C)', sha256(`${B} ${C}`)],
  ['sha256(sha256(A B) C)', sha256(`${sha256(`${A} ${B}`)} ${C}`)],
  ['sha256(sha256(A A) A)', sha256(`${sha256(`${A} ${A}`)} ${A}`)],
  ['LONG', LONG],
  ['sha256(LONG A)', sha256(`${LONG} ${A}`)],
  ['sha256(A), the hash of one DiffID', sha256(A)],
  ['sha256(AB), without the space', sha256(A + B)],
  ['sha256(A B), with a newline after', sha256(`${A} ${B}\n`)],
  ['sha256(A B), each without sha256:', sha256(`${'a'.repeat(64)} ${'b'.repeat(64)}`)],
  ['sha256(A B), without the word sha256:', sha256(`${A} ${B}`).slice(7)],
  ['SHA256(A B), in capital letters', `sha256:${sha256(`${A} ${B}`).slice(7).toUpperCase()}`],
];

async function chain(
  attempt: Attempt,
  names: readonly string[],
  ...formulas: readonly string[]
): Promise<void> {
  const chainIds = (await attempt.call('chainIds', shown(names))) as string[];
  attempt.equal(chainIds.map(formulaOf), formulas);
}

function formulaOf(digest: string): string {
  return FORMULAS.find(([, text]) => text === digest)?.[0] ?? digest;
}

export const exercise: Exercise = {
  id: '05.4',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'one-layer',
      async run(attempt) {
        await chain(attempt, ['A'], 'A');
      },
    },
    {
      id: 'none',
      async run(attempt) {
        await chain(attempt, []);
      },
    },
    {
      id: 'two-layers',
      async run(attempt) {
        await chain(attempt, ['A', 'B'], 'A', 'sha256(A B)');
        await chain(attempt, ['B', 'A'], 'B', 'sha256(B A)');
      },
    },
    {
      id: 'three-layers',
      async run(attempt) {
        await chain(attempt, ['A', 'B', 'C'], 'A', 'sha256(A B)', 'sha256(sha256(A B) C)');
      },
    },
    {
      id: 'the-same-again',
      async run(attempt) {
        await chain(attempt, ['A', 'A', 'A'], 'A', 'sha256(A A)', 'sha256(sha256(A A) A)');
      },
    },
    {
      id: 'other-algorithm',
      async run(attempt) {
        await chain(attempt, ['LONG', 'A'], 'LONG', 'sha256(LONG A)');
      },
    },
    {
      id: 'unchanged',
      async run(attempt) {
        const diffIds = valuesOf(['A', 'B']);
        const step = named('chainIds(diffIds)  // diffIds: [A, B]', undefined);
        const after = (await attempt.drive(step, 'given', diffIds)) as string[];
        attempt.equal(after.map(formulaOf), ['A', 'B'], 'diffIds');
      },
    },
    {
      id: 'any-layers',
      async run(attempt) {
        for (let round = 0; round < 10; round += 1) {
          const length = Math.floor(Math.random() * 6);
          const layers = Array.from({ length }, () => `sha256:${randomBytes(32).toString('hex')}`);
          await attempt.agrees('chainIds', layers);
        }
      },
    },
  ],
  async show(attempt) {
    await attempt.call('chainIds', [A, B]);
  },
};
