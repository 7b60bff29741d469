/** The command as a person meets it: its help, its errors, and from where it can be called. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
let elsewhere = '';

beforeAll(() => {
  elsewhere = mkdtempSync(path.join(tmpdir(), 'workbook-test-'));
  symlinkSync(path.join(root, 'workbook'), path.join(elsewhere, 'absolute'));
  symlinkSync('absolute', path.join(elsewhere, 'relative'));
});
afterAll(() => rmSync(elsewhere, { recursive: true }));

function workbook(program: string, ...args: string[]): [number | null, string, string] {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: elsewhere, encoding: 'utf8' });
  return [status, stdout, stderr];
}

const command = path.join(root, 'workbook');

const LEARN = [
  'list',
  'start',
  'watch',
  'hint',
  'grade',
  'explain',
  'run',
  'engine',
  'reset',
  'goto',
];
const NAMES = [...LEARN, 'demo', 'test', 'check', 'book', 'vm', 'doctor', 'help'];

describe('./workbook', () => {
  it('names every command in its help, without colour in a pipe', () => {
    const [status, stdout, stderr] = workbook(command, 'help');
    expect([status, stderr]).toEqual([0, '']);
    const named = stdout.matchAll(/^ {2}([a-z]+)/gm).map(([, name]) => name);
    expect([...named]).toEqual(NAMES);
    expect(stdout).not.toContain('\u001b');
  });

  it.each([[[]], [['--help']], [['-h']]])('prints its help for %j', (args) => {
    expect(workbook(command, ...args)).toEqual(workbook(command, 'help'));
  });

  it.each([['dmeo'], ['toString'], ['']])(
    'refuses the unknown command %j with exit code 2',
    (name) => {
      expect(workbook(command, name)).toEqual([
        2,
        '',
        `workbook: there is no command '${name}'. Commands: ${NAMES.join(', ')}. ` +
          "'./workbook help' says what each does.\n",
      ]);
    },
  );

  it.each([['absolute'], ['relative']])(
    'works from another folder through the symlink %s',
    (link) => {
      expect(workbook(`./${link}`, 'help')).toEqual(workbook(command, 'help'));
    },
  );

  describe('on a Mac', () => {
    /** A machine that calls itself a Mac, whose Node is `node`. */
    function onMac(node: string): ReturnType<typeof workbook> {
      const tools = mkdtempSync(path.join(elsewhere, 'mac-'));
      writeFileSync(path.join(tools, 'uname'), '#!/bin/sh\necho Darwin arm64\n', { mode: 0o755 });
      writeFileSync(path.join(tools, 'node'), node, { mode: 0o755 });
      const env = { ...process.env, PATH: `${tools}:/usr/bin:/bin` };
      const { status, stdout, stderr } = spawnSync(command, ['help'], { encoding: 'utf8', env });
      return [status, stdout, stderr];
    }

    it('runs with the Node that is there', () => {
      const [status, stdout] = onMac(`#!/bin/sh\nexec ${process.execPath} "$@"\n`);
      expect(status).toBe(0);
      expect(stdout).toContain('Usage: ./workbook COMMAND');
    });

    it('says which Node it needs where that is too old', () => {
      const [status, , stderr] = onMac('#!/bin/sh\necho v20.19.0\n');
      expect(status).toBe(1);
      expect(stderr).toContain('Node.js here is v20.19.0; Coracle needs 26 or newer.');
    });
  });

  it('works when the shell is given a bare name', () => {
    expect(workbook('/bin/sh', 'relative', 'help')).toEqual(workbook(command, 'help'));
  });

  it.each([[['doctor', '--help-me']], [['doctor', 'now']]])(
    'refuses %j and names what there is',
    (args) => {
      const [status, stdout, stderr] = workbook(command, ...args);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain('Usage: ./workbook doctor [--repair] [--json]');
    },
  );

  it("hands over its command's exit code", () => {
    const [status, stdout, stderr] = workbook(command, 'test', '--only', 'unit,nonsense');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain("there is no suite 'nonsense'");
  });
});
