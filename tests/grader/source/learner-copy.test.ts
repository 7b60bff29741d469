/** What a learner gets is made from the reference: it says all that is needed, and gives nothing away. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Checkout } from '../../workbook/learn/checkout.ts';
import { solutionOf, starterOf } from './learner-copy.ts';
import { chapterFolders, partsOf, type Part } from './parts.ts';

const TEXT = `/** Exercise 02.3: a test. */
import { other } from '#parts/cgroups/other.ts';
import { readFileSync } from 'node:fs';
import { syscall } from '../../sys/index.ts';
import { helper, type Shape } from '../deep/helper.ts';

/** Stays. */
export interface Kept {
  readonly a: number;
}

// #region exercise-02-3
/** What it does. */
export function taught(shape: Shape): number {
  return own(shape) + other() + helper() + syscall('getpid');
}

/** The solution's own. */
function own(shape: Shape): number {
  return readFileSync(String(shape)).length;
}

const TABLE = [1, 2];
// #endregion exercise-02-3

/** Below the region: everybody has it. */
export const after = TABLE;
`;

const start = TEXT.indexOf('/** What it does');
const part: Part = {
  id: '02.3',
  chapter: '02-cgroups',
  layer: 'cgroups',
  file: 'taught.ts',
  path: 'lib/src/cgroups/parts/taught.ts',
  text: TEXT,
  region: { start, end: TEXT.indexOf('// #endregion') },
};

describe('the starter', () => {
  const starter = starterOf(part);

  it('keeps the docstring and the types of what is taught, and has a Todo for its body', () => {
    expect(starter).toContain(
      "/** What it does. */\nexport function taught(shape: Shape): number {\n  throw new Todo('02.3', 'taught');\n}\n",
    );
  });

  it('has nothing of the solution: neither its helpers nor its tables', () => {
    expect(starter).not.toMatch(/own|TABLE = |#region|#endregion/);
  });

  it('keeps what is around the region', () => {
    expect(starter).toContain('export interface Kept');
    expect(starter).toContain('export const after');
  });

  it('imports lib by its package exports', () => {
    const from = [...starter.matchAll(/ from '(.*)';/g)].map(([, name]) => name);
    expect(from).toEqual([
      'coracle/base',
      'coracle/cgroups',
      'node:fs',
      'coracle/sys',
      'coracle/cgroups',
    ]);
  });
});

describe('the solution', () => {
  it('is the reference, but for its imports and markers', () => {
    const solution = solutionOf(part);
    expect(solution).toContain('return own(shape) + other()');
    expect(solution).not.toMatch(/#parts|\.\.\/|#region/);
  });
});

describe('of every chapter', { timeout: 120_000 }, () => {
  const parts = chapterFolders().flatMap(partsOf);

  it('has four to eight exercises, numbered from 1', () => {
    for (const chapter of new Set(parts.map((each) => each.chapter))) {
      const ids = parts.filter((each) => each.chapter === chapter).map(({ id }) => id);
      expect(ids).toEqual(ids.map((_, at) => `${chapter.slice(0, 2)}.${at + 1}`));
      expect(ids.length).toBeGreaterThanOrEqual(4);
      expect(ids.length).toBeLessThanOrEqual(8);
    }
  });

  it.each([
    ['starter', starterOf],
    ['solution', (each: Part) => solutionOf(each)],
  ])('the %s compiles where a learner has it', (_, make) => {
    using checkout = new Checkout();
    for (const each of parts)
      checkout.write(`chapters/${each.chapter}/mine/${each.file}`, make(each));
    checkout.write(
      'tsconfig.json',
      JSON.stringify({
        extends: path.resolve(import.meta.dirname, '../../../tsconfig.json'),
        // A starter has imports and parameters that are still to be used.
        compilerOptions: { noUnusedLocals: false, noUnusedParameters: false, noEmit: true },
        include: ['chapters/*/mine/*.ts'],
        exclude: [],
      }),
    );
    const tsc = path.resolve(import.meta.dirname, '../../../node_modules/.bin/tsc');
    const { status, stdout } = spawnSync(tsc, ['-p', checkout.folder], {
      cwd: checkout.folder,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, '']);
  });
});
