/** The reports for other programs keep to those programs' formats, whatever a learner's code says. */
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../grade.ts';
import { loadChapter } from '../lessons.ts';
import type { Status } from '../outcome.ts';
import { exercismReport } from './exercism.ts';
import type { Graded } from './graded.ts';
import { gradescopeReport } from './gradescope.ts';
import { junitReport } from './junit.ts';

const [lesson] = (await loadChapter('01-namespaces')).lessons;
if (lesson === undefined) throw new Error('chapter 01 has no exercises');
const ids = lesson.exercise.checks.map(({ id }) => id);

function check(at: number, status: Status, more: Partial<CheckResult> = {}): CheckResult {
  const evidence: string[] = [];
  const steps = ['planNamespaces([])'];
  return {
    check: ids[at] ?? '',
    needs: undefined,
    status,
    steps,
    evidence,
    milliseconds: 12,
    ...more,
  };
}

/** Each status once, and output that would break out of XML. */
const NASTY = '</failure>"&\u0000\u001B[31m]]>\n\u{1F6F6}';
const graded: Graded[] = [
  {
    lesson,
    result: {
      id: '01.1',
      file: 'plan.ts',
      points: 10,
      earned: 2,
      checks: [
        check(0, 'passed'),
        check(1, 'failed', { expected: '<b>', seen: NASTY, output: NASTY }),
        check(2, 'timed out', { seen: 'no answer after 5 s' }),
        check(3, 'todo', { seen: 'to be written' }),
        check(4, 'not run', { seen: 'it needs root' }),
      ],
    },
  },
];

const [first] = graded;
if (first === undefined) throw new Error('there is nothing to report');

/** Tags in order; throws where the document is not well-formed. */
function parseXml(text: string): { name: string; attributes: Record<string, string> }[] {
  const tags: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  const body = text.replace(/^<\?xml [^>]*\?>\n/, '');
  for (const [tag, close, name = '', rest = '', self] of body.matchAll(
    /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g,
  )) {
    if (tag === '') continue;
    if (close === '/') expect(open.pop()).toBe(name);
    else {
      if (self === '') open.push(name);
      const pairs = [...rest.matchAll(/ ([a-z]+)="([^"]*)"/g)];
      tags.push({
        name,
        attributes: Object.fromEntries(
          pairs.map(([, key = '', value = '']): [string, string] => [key, value]),
        ),
      });
    }
  }
  expect(open).toEqual([]);
  // Outside of tags there is neither a bracket nor an ampersand that begins no entity.
  const texts = body.replaceAll(/<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g, '');
  expect(texts).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|#10);)/);
  return tags;
}

describe('JUnit', () => {
  const xml = junitReport(graded);
  const tags = parseXml(xml);

  it('has only elements and attributes that Jenkins allows', () => {
    const allowed: Record<string, string[]> = {
      testsuites: ['name', 'time', 'tests', 'failures', 'errors'],
      testsuite: ['name', 'time', 'tests', 'failures', 'errors', 'skipped', 'timestamp', 'package'],
      testcase: ['name', 'classname', 'time', 'group'],
      failure: ['message', 'type'],
      error: ['message', 'type'],
      skipped: ['message', 'type'],
    };
    for (const { name, attributes } of tags) {
      expect(allowed[name]).toEqual(expect.arrayContaining(Object.keys(attributes)));
    }
  });

  it('counts what it holds', () => {
    const suite = tags.find(({ name }) => name === 'testsuite');
    expect(suite?.attributes).toMatchObject({
      tests: '5',
      failures: '1',
      errors: '1',
      skipped: '2',
    });
    const count = (of: string): number => tags.filter(({ name }) => name === of).length;
    expect([count('testcase'), count('failure'), count('error'), count('skipped')]).toEqual([
      5, 1, 1, 2,
    ]);
  });

  it('has no character that XML 1.0 forbids', () => {
    expect(Array.from(xml).filter((each) => each < ' ' && each !== '\n' && each !== '\t')).toEqual(
      [],
    );
    expect(xml).toContain('\u{1F6F6}');
  });
});

describe('Gradescope', () => {
  const report = gradescopeReport(graded);

  it('has a score, and tests whose scores add up to it', () => {
    const scores = report.tests.map(({ score }) => score);
    expect(report.score).toBe(scores.reduce((all, each) => all + each, 0));
    for (const { score, max_score } of report.tests) expect(score).toBeLessThanOrEqual(max_score);
  });

  it('uses the words of the format', () => {
    for (const { status, visibility, output_format, number, name } of report.tests) {
      expect(['passed', 'failed']).toContain(status);
      expect(['hidden', 'after_due_date', 'after_published', 'visible']).toContain(visibility);
      expect(['text', 'html', 'simple_format', 'md', 'ansi']).toContain(output_format);
      expect([typeof number, typeof name]).toEqual(['string', 'string']);
    }
    expect(Number.isInteger(report.execution_time)).toBe(true);
  });

  it('explains the first failure, once', () => {
    expect(report.tests[0]?.output.match(/Expected/g)).toHaveLength(1);
  });
});

describe('Exercism', () => {
  it('is version 3, with a test for each check that was run, and its task', () => {
    const report = exercismReport(graded);
    expect([report.version, report.status, report.message]).toEqual([3, 'fail', null]);
    expect(report.tests.map(({ status }) => status)).toEqual(['pass', 'fail', 'error', 'fail']);
    expect(report.tests.map(({ task_id }) => task_id)).toEqual([1, 1, 1, 1]);
    expect(report.tests[0]?.message).toBe(null);
  });

  it('is an error with a message when nothing could be run', () => {
    const nothing = [{ lesson, result: { ...first.result, checks: [check(0, 'not run')] } }];
    expect(exercismReport(nothing)).toMatchObject({ status: 'error', message: 'nothing was run' });
  });
});
