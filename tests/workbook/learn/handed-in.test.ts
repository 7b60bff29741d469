/** Grading what somebody has handed in, for a person and for other programs. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { solutionOf, starterOf } from '../../grader/source/learner-copy.ts';
import { partsOf } from '../../grader/source/parts.ts';
import { Checkout } from './checkout.ts';

let checkout: Checkout;
let folder = '';
const part = partsOf('01-namespaces').find(({ id }) => id === '01.1');
if (part === undefined) throw new Error('exercise 01.1 is gone');

beforeAll(() => {
  checkout = new Checkout();
  folder = path.join(checkout.folder, 'handed in');
  mkdirSync(folder);
  writeFileSync(path.join(folder, part.file), solutionOf(part));
}, 60_000);
afterAll(() => checkout[Symbol.dispose]());

const grade = (...args: string[]): ReturnType<Checkout['workbook']> =>
  checkout.workbook('grade', '01.1', '--from', folder, ...args);

describe('a solution that was handed in', { timeout: 60_000 }, () => {
  it('earns its points, and the exit code is 0', () => {
    const { code, out } = grade();
    expect(code).toBe(0);
    expect(out).toContain('10 of 10 points');
  });

  it('is not the progress of whoever grades it, and leaves no copy', () => {
    expect(checkout.workbook('list', '01').out).toContain('0 of 7 solved');
    // What is there is lib, compiled.
    expect(readdirSync(path.join(checkout.folder, '.workbook'))).toEqual(['compiled']);
  });

  it('--json is JSON', () => {
    const [result] = JSON.parse(grade('--json').out) as { id: string; earned: number }[];
    expect(result).toMatchObject({ id: '01.1', earned: 10, file: part.file });
  });

  it('--junit is XML, --gradescope and --exercism are results.json', () => {
    expect(grade('--junit').out).toMatch(/^<\?xml .*<testcase /s);
    expect(JSON.parse(grade('--gradescope').out)).toMatchObject({ score: 10 });
    const file = path.join(checkout.folder, 'results.json');
    expect(grade('--exercism', file).out).toBe('');
    expect(JSON.parse(checkout.read('results.json'))).toMatchObject({ version: 3, status: 'pass' });
  });

  it('may lie in folders as in a checkout', () => {
    const other = path.join(checkout.folder, 'other');
    mkdirSync(path.join(other, '01-namespaces/mine'), { recursive: true });
    writeFileSync(path.join(other, '01-namespaces/mine', part.file), starterOf(part));
    const { code, out } = checkout.workbook('grade', '01', '--from', other);
    expect(code).toBe(1);
    expect(out).toContain('9 to do');
  });

  it('that is a link is not followed: it could lead to the reference', () => {
    const linked = path.join(checkout.folder, 'linked');
    mkdirSync(linked);
    symlinkSync(path.join(checkout.folder, part.path), path.join(linked, part.file));
    const { code, out } = checkout.workbook('grade', '01.1', '--from', linked);
    expect(code).toBe(1);
    expect(out).toContain('0 of 10 points');
    expect(existsSync(path.join(linked, part.file))).toBe(true);
  });
});
