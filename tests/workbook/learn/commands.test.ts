/** A learner's way through one exercise, by the commands alone. */
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Checkout } from './checkout.ts';

const FILE = 'chapters/01-namespaces/mine/plan.ts';
const TODO = "throw new Todo('01.1', 'planNamespaces');";
/** It sorts, and has forgotten that joining needs a fork too. */
const ALMOST = `
  const create = NAMESPACE_KINDS.filter((kind) =>
    namespaces.some(({ type, path = '' }) => type === kind.type && path === ''));
  const join = NAMESPACE_KINDS.flatMap((kind) => {
    const index = namespaces.findIndex(({ type, path = '' }) => type === kind.type && path !== '');
    const path = namespaces[index]?.path;
    return path === undefined ? [] : [{ kind, path, source: \`/linux/namespaces/\${index}/path\` }];
  });
  return { create, join, mustFork: create.some(({ type }) => type === 'pid' || type === 'time') };`;
const RIGHT = ALMOST.replace(
  'mustFork: create.some(',
  'mustFork: [...create, ...join.map((each) => each.kind)].some(',
);

let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout();
}, 60_000);
afterAll(() => checkout[Symbol.dispose]());

describe('from the starter to a solved exercise', { timeout: 60_000 }, () => {
  it('list shows what there is, before anything is begun', () => {
    const { code, out } = checkout.workbook('list', '01');
    expect(code).toBe(0);
    expect(out).toContain('01-namespaces  0 of 7 solved, 0 of 85 points');
    expect(out).toMatch(/01\.1 {2}Sort the list +0\/10 {2}chapters\/01-namespaces\/mine\/plan\.ts/);
  });

  it('start writes the files, says so, and what to do next', () => {
    const { code, out } = checkout.workbook('start', '1');
    expect(code).toBe(0);
    expect(out).toContain(`written: ${FILE}\n`);
    expect(out).toContain('./workbook watch 01');
    expect(checkout.read(FILE)).toContain(TODO);
  });

  it('start again changes nothing', () => {
    checkout.edit(FILE, TODO, `${TODO} // mine`);
    expect(checkout.workbook('start', '01').out).toContain('nothing was changed');
    expect(checkout.read(FILE)).toContain('// mine');
    checkout.edit(FILE, ' // mine', '');
  });

  it('grade of the starter: everything is to do, and the exit code says so', () => {
    const { code, out } = checkout.workbook('grade', '01.1');
    expect(code).toBe(1);
    expect(out).toContain('0 of 10 points; checks: 0 passed, 0 failed, 9 to do');
  });

  it('hint climbs from the task to a question, the mechanism, the steps, the difference', () => {
    const rungs = [0, 1, 2, 3, 4].map(() => checkout.workbook('hint', '01.1').out);
    expect(rungs[0]).toContain('Nothing is written yet. Turn `linux.namespaces`');
    expect(rungs[0]).toContain(`Your file: ${FILE}`);
    expect(rungs[1]).toContain('Hint 2 of 4');
    expect(rungs[2]).toContain('One way to do it:\n  1. ');
    expect(rungs[3]).toContain(`--- ${FILE}\n+++ reference\n`);
    expect(rungs[3]).toContain(`-  ${TODO}`);
    expect(rungs[4]).toBe(rungs[3]);
  });

  it('grade of a mistake explains the first check that fails', () => {
    checkout.edit(FILE, TODO, ALMOST);
    const { code, out } = checkout.workbook('grade', '1.1');
    expect(code).toBe(1);
    expect(out).toContain('✗ joining a PID namespace needs a fork too');
    expect(out).toMatch(
      /Done {6}planNamespaces\(\[ { type: 'pid', path: '\/proc\/7\/ns\/pid' } \]\)/,
    );
    expect(out).toMatch(/Expected {2}mustFork: true\n {2}Seen {6}mustFork: false/);
    expect(out).toContain('Help: ./workbook hint 01.1');
  });

  it('hint is now about that mistake', () => {
    const { out } = checkout.workbook('hint');
    expect(out).toContain('01.1 Sort the list: joining a PID namespace needs a fork too');
    expect(out).toContain('Hint 1 of 4');
  });

  it('watch runs the checks when the file is saved', async () => {
    const watching = checkout.start('watch', '01');
    let out = '';
    watching.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
    await expect
      .poll(() => out, { timeout: 20_000 })
      .toContain('Watching chapters/01-namespaces/mine');
    checkout.edit(FILE, ALMOST, RIGHT);
    await expect
      .poll(() => out, { timeout: 20_000 })
      .toContain('01.1 Sort the list: all checks passed.');
    await expect.poll(() => out, { timeout: 20_000 }).toContain('Next: 01.2 ');
    watching.kill('SIGTERM');
    expect(await once(watching, 'exit')).toEqual([0, null]);
  });

  it('list shows the points', () => {
    const { out } = checkout.workbook('list', '01');
    expect(out).toContain('1 of 7 solved, 10 of 85 points');
    expect(out).toContain('✓ 01.1');
  });

  it('reset saves the file before it takes it away', () => {
    const { code, out } = checkout.workbook('reset', '01.1');
    expect(code).toBe(0);
    const [, backup = ''] = /^saved: 01-namespaces\/mine as (\S+)$/m.exec(out) ?? [];
    expect(checkout.read(path.join(backup, 'plan.ts'))).toContain('each.kind');
    expect(out).toContain(`to get it back: cp -R ${backup}/. chapters/01-namespaces/mine/\n`);
    expect(checkout.read(FILE)).toContain(TODO);
    expect(checkout.workbook('list', '01').out).toContain('0 of 7 solved');
  });

  it('goto gives the reference of the chapters before, and a starter', () => {
    const { code, out } = checkout.workbook('goto', '02');
    expect(code).toBe(0);
    expect(out).toContain('saved: 01-namespaces/mine as ');
    expect(checkout.read(FILE)).not.toContain('Todo');
    expect(checkout.workbook('list', '01').out).toMatch(/0\/10 .*plan\.ts {2}not checked yet\n/);
    expect(checkout.workbook('grade', '01.1').code).toBe(0);
    const second = path.join(checkout.folder, 'chapters/02-cgroups/mine');
    expect(existsSync(second) && readdirSync(second).length > 3).toBe(true);
  });
});

describe('a wrong command line', { timeout: 30_000 }, () => {
  it.each([
    [['start'], /which chapter\? For instance: \.\/workbook start 01/],
    [['start', '99'], /there is no chapter '99' with exercises\. There are: 01-namespaces/],
    [['grade', '01.99'], /there is no exercise '01\.99'\. This chapter has: 01\.1, /],
    [['explain', '01'], /name one exercise, such as 01\.1/],
    [['grade', '--jsn'], /^workbook: unknown option --jsn; --help shows those that there are\n$/],
    [['grade', '--from'], /^workbook: --from: it takes a value/],
    [['engine', '--mine'], /--mine: which chapters\? For instance/],
    [['engine', '--mine='], /--mine: which chapters\? For instance/],
    [['explain'], /which exercise\? For instance: \.\/workbook explain 01\.4/],
    [['grade', '04'], /^workbook: chapter 04 is not begun: \.\/workbook start 04\n$/],
    [['engine', '--mine', '04'], /^workbook: chapter 04 is not begun/],
    [['grade', '--json', '--junit'], /choose one of --json, --junit/],
    [['grade', '--from', '/nowhere'], /\/nowhere is no folder/],
    [['engine', '--mnie', '01'], /unknown option --mnie/],
    [['watch', '04'], /chapter 04 is not begun: \.\/workbook start 04/],
  ])('%j: exit code 2, and what to do', (args, message) => {
    const { code, out, err } = checkout.workbook(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});

describe('--help', { timeout: 30_000 }, () => {
  it.each(['list', 'start', 'watch', 'hint', 'grade', 'explain', 'run', 'engine', 'reset', 'goto'])(
    '%s answers it',
    (command) => {
      const { code, out } = checkout.workbook(command, '--help');
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`^Usage: ./workbook ${command}\\b`));
    },
  );
});
