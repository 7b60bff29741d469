/**
 * JUnit's XML, within the schema of Jenkins' xUnit plugin (junit-10.xsd), the common ground of those
 * who read it: an exercise is a test suite, a
 * check a test case; "not run" and "to do" are skipped, "timed out" is an error.
 */
import type { CheckResult } from '../grade.ts';
import { failureText } from './text.ts';
import { titleOf, totalsOf, type Graded } from './graded.ts';

export function junitReport(graded: readonly Graded[]): string {
  const suites = graded.map(suite).join('');
  const head = '<?xml version="1.0" encoding="UTF-8"?>';
  return `${head}\n<testsuites${counts(graded)}>\n${suites}</testsuites>\n`;
}

function suite(each: Graded): string {
  const { id } = each.result;
  const name = attribute('name', `${id} ${each.lesson.text.title}`);
  const cases = each.result.checks.map((check) => testCase(each, check)).join('');
  const { count } = totalsOf([each]);
  const skipped = attribute('skipped', String(count('todo') + count('not run')));
  return `  <testsuite${name}${counts([each])}${skipped}>\n${cases}  </testsuite>\n`;
}

function testCase(each: Graded, check: CheckResult): string {
  const { part } = each.lesson;
  const attributes =
    attribute('name', titleOf(each, check)) +
    attribute('classname', `${part.chapter}.${check.check}`) +
    attribute('time', seconds(check.milliseconds));
  const inside = verdict(each, check);
  return inside === ''
    ? `    <testcase${attributes}/>\n`
    : `    <testcase${attributes}>\n      ${inside}\n    </testcase>\n`;
}

function verdict({ lesson }: Graded, check: CheckResult): string {
  const { status, seen = '' } = check;
  const message = attribute('message', seen);
  switch (status) {
    case 'passed':
      return '';
    case 'failed':
      return `<failure${message} type="failed">${escape(failureText(lesson, check))}</failure>`;
    case 'timed out':
      return `<error${message} type="timed out">${escape(failureText(lesson, check))}</error>`;
    case 'todo':
    case 'not run':
      return `<skipped${message}/>`;
  }
}

function counts(graded: readonly Graded[]): string {
  const totals = totalsOf(graded);
  const tests = graded.flatMap(({ result }) => result.checks).length;
  return (
    attribute('tests', String(tests)) +
    attribute('failures', String(totals.count('failed'))) +
    attribute('errors', String(totals.count('timed out'))) +
    attribute('time', seconds(totals.milliseconds))
  );
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function attribute(name: string, value: string): string {
  return ` ${name}="${escape(value).replaceAll('\n', '&#10;')}"`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** XML 1.0 has no way to write most control characters: they are left out. */
function escape(text: string): string {
  const writable = Array.from(text)
    .filter((character) => character >= ' ' || character === '\n' || character === '\t')
    .join('');
  return writable.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
