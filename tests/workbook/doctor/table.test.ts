/** The document and the doctor say the same: every row has a probe, every probe a row. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { probes, tryFeature } from '../../../chapters/12-engine/workbook/doctor/probes/index.ts';
import { parseFeatures, readFeatures } from '../../../chapters/12-engine/workbook/doctor/table.ts';

const source = path.resolve(import.meta.dirname, '../../../lib/src');
const head = '| Feature | Needs | Used by | Without it |\n| --- | --- | --- | --- |\n';

describe('vagrant/kernel-features.md', () => {
  it('has a row for each probe, and a probe for each row', () => {
    const rows = readFeatures().map(({ name }) => name);
    expect(rows.toSorted()).toEqual(Object.keys(probes).toSorted());
  });

  it('names the oldest kernel that has all that is needed', () => {
    const needed = readFeatures().filter(({ required }) => required);
    const versions = needed.flatMap(({ needs }) =>
      [...needs.matchAll(/\b(\d\.\d+)\b/g)].map(([, version = '']) => version),
    );
    const newest = versions.toSorted((a, b) => rank(a) - rank(b)).at(-1);
    expect(newest).toBe('5.12');
  });

  it('names errors by codes that the engine has', () => {
    const codes = readFeatures().flatMap(
      ({ without }) => without.match(/\b[A-Z]+(_[A-Z]+)+\b|\bAPPARMOR\b|\bSELINUX\b/g) ?? [],
    );
    expect(codes.length).toBeGreaterThan(10);
    for (const code of new Set(codes)) {
      expect(execFileSync('grep', ['-rlF', `'${code}'`, source], { encoding: 'utf8' })).not.toBe(
        '',
      );
    }
  });
});

describe('reading a table', () => {
  it('takes the group from the heading, and the marks of code away', () => {
    const text = `# Title\n## Needed\ntext\n${head}| \`openat2\` | Linux 5.6 | runtime | Nothing. |\n`;
    expect(parseFeatures(text)).toEqual([
      {
        group: 'Needed',
        name: 'openat2',
        needs: 'Linux 5.6',
        usedBy: 'runtime',
        without: 'Nothing.',
        required: true,
      },
    ]);
  });

  it('calls nothing required outside the group "Needed"', () => {
    expect(parseFeatures(`## Other\n${head}| a | b | c | d |\n`)[0]?.required).toBe(false);
  });

  it.each([
    ['| a | b | c |', 'four cells'],
    ['| a | b | c | d | e |', 'four cells'],
    ['| a | b |  | d |', 'four cells'],
    ['| a | b | c | d |\n| a | b | c | d |', 'a is in the table twice'],
    ['| Feature | Since |', 'the columns must be'],
  ])('refuses %j', (row, why) => {
    expect(() => parseFeatures(`## Needed\n${head}${row}\n`)).toThrow(why);
  });

  it('says the line that is wrong', () => {
    expect(() => parseFeatures(`## Needed\n${head}| a |\n`)).toThrow('kernel-features.md:4:');
  });
});

it('a feature without a probe is unknown, not there', () => {
  expect(tryFeature('toString')).toEqual({ answer: 'unknown', why: 'there is no probe for it' });
});

function rank(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
}
