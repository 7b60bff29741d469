/** A learner off the path: code that does not run, files that are gone, nothing left to solve. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { solutionOf, starterOf } from '../../grader/source/learner-copy.ts';
import { partsOf } from '../../grader/source/parts.ts';
import { Checkout } from './checkout.ts';

const MINE = 'chapters/01-namespaces/mine';
const PLAN = `${MINE}/plan.ts`;
const TODO = "throw new Todo('01.1', 'planNamespaces');";

let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout();
}, 60_000);
afterAll(() => checkout[Symbol.dispose]());
/** The chapter as it is when it has just been begun. */
beforeEach(() => {
  for (const part of partsOf('01-namespaces')) {
    checkout.write(`${MINE}/${part.file}`, starterOf(part));
  }
  rmSync(path.join(checkout.folder, '.workbook/progress.json'), { force: true });
});

const remove = (file: string): void => rmSync(path.join(checkout.folder, file));

describe('a file that is gone', { timeout: 60_000 }, () => {
  const gone = `${PLAN} is not there: ./workbook start 01 writes it again`;

  it.each([
    ['hint', '01.1'],
    ['explain', '01.1'],
    ['engine', '--mine', '01'],
    ['run', '01', '--mine'],
  ])('%s %s names it', (...args) => {
    remove(PLAN);
    const { code, err } = checkout.workbook(...args);
    expect([code, err]).toEqual([2, `workbook: ${gone}\n`]);
  });

  it('grade says so in one line', () => {
    remove(PLAN);
    const { out } = checkout.workbook('grade', '01.1');
    expect(out).toMatch(/^\n01\.1 Sort the list {2}0\/10 {2}chapters\S+ is not there\n\n0 of/);
  });

  it('watch says so, and does not call it solved', async () => {
    const watching = checkout.start('watch', '01');
    let out = '';
    watching.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
    await expect.poll(() => out, { timeout: 20_000 }).toContain('Watching ');
    remove(PLAN);
    await expect.poll(() => out, { timeout: 20_000 }).toContain(`${PLAN} is gone`);
    watching.kill('SIGTERM');
    await once(watching, 'exit');
    expect(out).not.toContain('all checks passed');
  });
});

describe('when all that is begun is solved', { timeout: 120_000 }, () => {
  it('hint says where to go on, until a file changes', () => {
    for (const part of partsOf('01-namespaces')) {
      checkout.write(`${MINE}/${part.file}`, solutionOf(part));
    }
    expect(checkout.workbook('grade', '01').code).toBe(0);
    expect(checkout.workbook('hint')).toMatchObject({
      code: 0,
      out: 'All that you have begun is solved. Go on with: ./workbook start 02\n',
    });
    expect(checkout.workbook('list', '01').out).not.toContain('last checked');

    checkout.edit(PLAN, "=== 'pid' ||", "=== 'uts' ||");
    expect(checkout.workbook('list', '01').out).toMatch(
      /10\/10 {2}\S+plan\.ts {2}as last checked; the file has changed since\n/,
    );
    expect(checkout.workbook('hint').out).toContain('01.1 Sort the list: a new PID namespace');
  });
});

describe('code that cannot be loaded', { timeout: 60_000 }, () => {
  it('hint says where, and takes no rung', () => {
    checkout.edit(PLAN, TODO, 'const x = ;');
    const once_ = checkout.workbook('hint', '01.1').out;
    expect(once_).toMatch(/Your file cannot be loaded: look at plan\.ts:\d+\./);
    expect(checkout.workbook('hint', '01.1').out).toBe(once_);
    checkout.edit(PLAN, 'const x = ;', TODO);
    expect(checkout.workbook('hint', '01.1').out).toContain('Hint 1 of 4');
  });

  it.each([
    [
      'cannot be parsed',
      'const x = ;',
      /^workbook: your code .*: SyntaxError: .* \(\S+plan\.ts:\d+\)\n$/,
    ],
    ['imports a type as a value', '', /plan\.ts:\d+\)\nIf 'LinuxNamespace' is a type: .*\n$/],
    ['is to be written', TODO, /^exercise 01\.1: planNamespaces is still to be written.*\n$/],
    ['throws a string', "throw 'oops';", /^workbook: your code .*: 'oops' was thrown, .*\n$/],
    ['throws', 'return nothing;', /^workbook: your code .*: ReferenceError: .*plan\.ts:\d+:3\)\n$/],
  ])('run --mine says in a line what stopped it: that %s', (_, body, message) => {
    checkout.edit(PLAN, TODO, body);
    if (body === '') checkout.edit(PLAN, 'import type', 'import');
    const { code, err } = checkout.workbook('run', '01', '--mine');
    expect(code).toBe(1);
    expect(err.replace(/^workbook: (?=exercise)/, '')).toMatch(message);
  });

  it('engine --mine refuses it, whatever the command is', () => {
    checkout.edit(PLAN, TODO, 'const x = ;');
    const { code, out, err } = checkout.workbook('engine', '--mine', '01', 'echo', 'done');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^workbook: your code has stopped it: SyntaxError/);
  });
});

describe('explain', { timeout: 60_000 }, () => {
  it('shows what the code has printed', () => {
    checkout.edit(
      PLAN,
      TODO,
      "console.log('I am here'); return { create: [], join: [], mustFork: false };",
    );
    const { out } = checkout.workbook('explain', '01.1');
    expect(out).toContain('Your code printed:\nI am here\n');
    expect(out).toMatch(/^planNamespaces\(.*\)\n  { create: \[\], join: \[\], mustFork: false }\n/);
  });
});

describe('check --mine', { timeout: 120_000 }, () => {
  it('finds mistakes of types in what the learner has written, and no others', () => {
    expect(checkout.workbook('check', '--mine')).toMatchObject({ code: 0 });
    checkout.edit(PLAN, TODO, "const count: number = 'text'; return count;");
    const { code, out } = checkout.workbook('check', '--mine');
    expect(code).toBe(1);
    expect(out).toMatch(/^chapters\/01-namespaces\/mine\/plan\.ts\(\d+,\d+\): error TS2322/);
    expect(out.match(/error TS/g)).toHaveLength(2);
  });
});
