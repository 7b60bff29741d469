// What the suite says when it is done: JSON for programs, a table and the failures for people.

import { stripVTControlCharacters, styleText } from 'node:util';
import type { CaseReport, Outcome } from './runner.ts';

export interface Summary {
  /** The runtime that is being judged; the counts are its own. */
  runtime: string;
  passed: number;
  failed: number;
  skipped: number;
  cases: CaseReport[];
}

/** Counts the outcomes of the first runtime. */
export function summarize(reports: CaseReport[], subject: string): Summary {
  const count = (result: Outcome['result']): number =>
    reports.filter(({ outcomes }) => outcomes[0]?.result === result).length;
  return {
    runtime: subject,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    cases: reports,
  };
}

/** The whole report as text: table, the subject's failures, and what deserves a second look. */
export function describe(summary: Summary): string {
  const names = summary.cases[0]?.outcomes.map(({ runtime }) => runtime) ?? [];
  return [
    table(summary.cases, names),
    ...failures(summary),
    ...secondLook(summary.cases),
    totals(summary.cases, names),
  ].join('\n');
}

/** A mark of one letter's width for a terminal. */
export function mark(outcome: Outcome): string {
  if (outcome.result === 'passed') return styleText('green', '✓');
  if (outcome.result === 'skipped') return styleText('dim', '–');
  return outcome.newer === true ? styleText('yellow', 'n') : styleText('red', '✗');
}

function table(reports: CaseReport[], names: string[]): string {
  const lines = [`${names.map((name) => name.padEnd(8)).join('')}case`];
  let section = '';
  for (const report of reports) {
    if (report.section !== section) lines.push(styleText('bold', `\n${report.section}`));
    section = report.section;
    const marks = report.outcomes.map((outcome) => pad(mark(outcome), 8)).join('');
    lines.push(`${marks}${report.title}`);
  }
  lines.push('', '✓ passed  ✗ failed  – skipped  n failed, but newer than what it implements', '');
  return lines.join('\n');
}

function failures(summary: Summary): string[] {
  const lines: string[] = [];
  for (const report of summary.cases) {
    for (const outcome of report.outcomes) {
      if (outcome.result !== 'failed' || outcome.newer === true) continue;
      lines.push(styleText('red', `✗ ${outcome.runtime}: ${report.title}`));
      lines.push(`  section   ${report.section}`, `  because   ${outcome.reason ?? ''}`);
      if (outcome.expected !== undefined) lines.push(`  expected  ${outcome.expected}`);
      if (outcome.seen !== undefined) lines.push(`  seen      ${outcome.seen}`);
      for (const step of outcome.steps ?? []) lines.push(`  step      ${step}`);
      lines.push('');
    }
  }
  return lines;
}

/** A case that every other runtime fails may itself be wrong. */
function secondLook(reports: CaseReport[]): string[] {
  const doubtful = reports.filter(({ outcomes }) => {
    const others = outcomes.slice(1);
    return others.length > 0 && others.every(({ result }) => result === 'failed');
  });
  if (doubtful.length === 0) return [];
  return [
    'Failed by all the other runtimes; look twice whether the case is right:',
    ...doubtful.map(({ section, title, since }) => {
      return `  ${section}: ${title}${since === undefined ? '' : ` (since ${since})`}`;
    }),
    '',
  ];
}

function totals(reports: CaseReport[], names: string[]): string {
  return names
    .map((name, index) => {
      const own = reports.map(({ outcomes }) => outcomes[index]);
      const count = (result: string): number => own.filter((one) => one?.result === result).length;
      const seconds = own.reduce((sum, one) => sum + (one?.milliseconds ?? 0), 0) / 1000;
      const newer = own.filter((one) => one?.newer === true).length;
      return (
        `${name}: ${count('passed')} passed, ${count('failed')} failed (${newer} of them newer), ` +
        `${count('skipped')} skipped, ${seconds.toFixed(0)} s`
      );
    })
    .join('\n');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stripVTControlCharacters(text).length));
}
