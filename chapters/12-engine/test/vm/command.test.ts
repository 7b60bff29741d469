import { globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runVm } from '../../workbook/vm/command.ts';
import { chooseKernel, imageKey, type Image } from '../../workbook/vm/image.ts';
import { parseOptions } from '../../workbook/vm/options.ts';
import { parseReport, sumOfReports } from '../../workbook/vm/report.ts';
import { quote } from '../../workbook/vm/ssh.ts';
import { usual } from '../../workbook/vm/usual.ts';

describe('the options of ./workbook vm', () => {
  it('are read', () => {
    const args = ['--accel', 'tcg', '--kernel', '6.12', '--only', 'kernel', '--minutes', '2.5'];
    expect(parseOptions([...args, '--machines', '2'])).toMatchObject({
      machines: 2,
      accelerator: 'tcg',
      kernel: '6.12',
      only: 'kernel',
      minutes: 2.5,
      all: false,
    });
  });

  it.each([
    [['--accel', 'hvf'], '--accel hvf: it is one of kvm, tcg'],
    [['--with', 'lima'], '--with lima: it is one of qemu, vagrant'],
    [['--minutes', '0'], '--minutes 0: it is a number above 0'],
    [['--machines', '0'], '--machines 0: it is a whole number from 1 to 8'],
    [['--machines', '1.5'], '--machines 1.5: it is a whole number from 1 to 8'],
    [['--record'], '--record is for suites that run whole: add --only or --all'],
    [['--kernl', '6.12'], "Unknown option '--kernl'"],
  ])('%j is refused with the reason', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});

describe('by Vagrant', () => {
  it.each([[['--all', '--record']], [['--only', 'benchmark']], [['--machines', '2']]])(
    '%j is refused, and qemu named',
    async (args) => {
      const asked = runVm(['test', '--with', 'vagrant', ...args]);
      await expect(asked).rejects.toThrow('add --with qemu');
    },
  );
});

describe('a kernel of the image', () => {
  const kernel = (release: string) => ({ release, kernel: '', initrd: '' });
  const image: Image = {
    folder: '',
    disk: '',
    kernels: [kernel('6.1.0-56-cloud-amd64'), kernel('6.12.95+deb12-cloud-amd64')],
  };

  it('is the first by default', () => {
    expect(chooseKernel(image, undefined).release).toBe('6.1.0-56-cloud-amd64');
  });

  it.each([
    ['6.1', '6.1.0-56-cloud-amd64'],
    ['6.12', '6.12.95+deb12-cloud-amd64'],
  ])('%s is %s', (wanted, release) => {
    expect(chooseKernel(image, wanted).release).toBe(release);
  });

  it('that is not there is refused with the list of those that are', () => {
    expect(() => chooseKernel(image, '5')).toThrow(
      'the image has no kernel 5; it has 6.1.0-56-cloud-amd64 and 6.12.95+deb12-cloud-amd64',
    );
  });
});

describe("the image's name", () => {
  it('is the same for the same ingredients', () => {
    expect(imageKey()).toMatch(/^[0-9a-f]{16}$/);
    expect(imageKey()).toBe(imageKey());
  });
});

describe("a machine's report", () => {
  it('is three numbers, and three for each suite', () => {
    const counts = { passed: 3, failed: 1, skipped: 0 };
    const written = { ...counts, problems: [], suites: { kernel: { ...counts, problems: [] } } };
    expect(parseReport(JSON.stringify(written))).toEqual({ ...counts, suites: { kernel: counts } });
  });

  it('adds up, suite by suite, where machines shared the tests', () => {
    const one = { passed: 3, failed: 1, skipped: 0 };
    const other = { passed: 2, failed: 0, skipped: 4 };
    const sum = { passed: 5, failed: 1, skipped: 4 };
    const reports = [
      { ...one, suites: { kernel: one } },
      { ...other, suites: { kernel: other, check: other } },
    ];
    expect(sumOfReports(reports)).toEqual({ ...sum, suites: { kernel: sum, check: other } });
  });

  it.each([
    [''],
    ['{}'],
    ['{"passed":1,"failed":0,"skipped":0}'],
    ['{"passed":1,"failed":null,"skipped":0,"suites":{}}'],
    ['{"passed":1,"failed":0,"skipped":0,"suites":{"kernel":{}}}'],
    ['[1,2,3]'],
    ['null'],
  ])('%j is no report, and never a pass', (text) => {
    expect(() => parseReport(text)).toThrow("the machine's report cannot be read");
  });
});

describe('a word for the shell in the machine', () => {
  it.each([
    ['--only', '--only'],
    ['', "''"],
    ['a b', "'a b'"],
    ["it's", String.raw`'it'\''s'`],
    ['$(reboot)', "'$(reboot)'"],
  ])('%j is written %s', (word, quoted) => {
    expect(quote(word)).toBe(quoted);
  });
});

describe('what is tested in the machine at each submission', () => {
  it.each(usual.files)('%s is there', (beginning) => {
    const repository = path.resolve(import.meta.dirname, '../../../..');
    const found = globSync(`${beginning}*`, { cwd: repository });
    expect(found.length).toBeGreaterThan(0);
  });
});
