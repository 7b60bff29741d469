/** The lines of the log: what shims and people read. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Log, logLine } from '../src/runtime-cli/log.ts';

const now = new Date('2026-11-24T01:02:03.456Z');

describe('a line', () => {
  it('of text quotes all but a plain word', () => {
    expect(logLine('text', 'error', 'a "b"\nc', now)).toBe(
      'time="2026-11-24T01:02:03Z" level=error msg="a \\"b\\"\\nc"\n',
    );
    expect(logLine('text', 'warning', 'word', now)).toBe(
      'time="2026-11-24T01:02:03Z" level=warning msg=word\n',
    );
  });

  it('of JSON is one object with level, msg and time', () => {
    const line = logLine('json', 'error', 'a "b"\nc', now);
    expect(line).toMatch(/^[^\n]*\n$/);
    expect(JSON.parse(line)).toEqual({
      level: 'error',
      msg: 'a "b"\nc',
      time: '2026-11-24T01:02:03Z',
    });
  });

  it('for a terminal is as it is, in colour', () => {
    expect(logLine('terminal', 'error', 'a "b"', now)).toBe(
      '\u001b[31mERRO\u001b[0m[0000] a "b"\n',
    );
  });
});

describe('a log file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'coracle-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is appended to by every command', () => {
    const file = path.join(folder, 'log.json');
    new Log({ file, format: 'json' }).warning('first');
    new Log({ file, format: 'json' }).warning('second');
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const messages = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(messages).toEqual(['first', 'second']);
  });

  it('gets debug messages only with --debug', () => {
    const file = path.join(folder, 'log');
    new Log({ file }).debug('unheard');
    expect(statSync(file).size).toBe(0);
    new Log({ file, debug: true }).debug('heard');
    expect(readFileSync(file, 'utf8')).toContain('level=debug msg=heard');
  });
});
