/** What the doctor reads from texts and names. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isCoracles,
  isTemporary,
  temporaryKinds,
} from '../../../chapters/12-engine/workbook/doctor/leftovers/names.ts';
import { distributionOf } from '../../../chapters/12-engine/workbook/doctor/machine.ts';
import { kernelAtLeast } from '../../../chapters/12-engine/workbook/doctor/probes/kernel-version.ts';
import { parseMounts } from '../../../chapters/12-engine/workbook/machine/mounts.ts';
import { typescriptFiles } from '../../architecture/imports.ts';

const root = path.resolve(import.meta.dirname, '../../..');

describe('names of temporary folders', () => {
  it.each([['coracle-demo-Xa3b9Z'], ['coracle-warm-up-000000'], ['coracle-chapter-04-abcDEF']])(
    '%s is one',
    (name) => expect(isTemporary(name)).toBe(true),
  );

  it.each([
    ['coracle'],
    ['coracle-notes'],
    ['coracle-my-folder'],
    ['coracle-demo-'],
    ['demo-Xa3b9Z'],
  ])("%s is a person's own", (name) => expect(isTemporary(name)).toBe(false));

  it('are among them all that the tree makes', () => {
    const made = ['lib', 'chapters', 'tests']
      .flatMap((folder) => typescriptFiles(root, folder))
      .flatMap((file) => [
        ...readFileSync(path.join(root, file), 'utf8').matchAll(
          /mkdtempSync\([^;]*?'(?:\/tmp\/)?coracle-([\w-]+)-'/g,
        ),
      ])
      .map(([, kind = '']) => kind);
    expect(made.length).toBeGreaterThan(20);
    expect(made.filter((kind) => !temporaryKinds.includes(kind))).toEqual([]);
  });
});

describe('names of other things', () => {
  it.each([['coracle-init'], ['coracle0'], ['coracle']])("%s is Coracle's", (name) =>
    expect(isCoracles(name)).toBe(true),
  );

  it.each([['coracle-modules.service'], ['coracle.slice'], ['docker0'], ['my-coracle']])(
    '%s is not',
    (name) => expect(isCoracles(name)).toBe(false),
  );
});

it.each([
  ['5.13.0', 'yes'],
  ['5.12.19-generic', 'no'],
  ['6.1.0-41-amd64', 'yes'],
  ['4.19.0', 'no'],
])('Linux %s is at least 5.13: %s', (running, answer) => {
  expect(kernelAtLeast(5, 13, running).answer).toBe(answer);
});

it("reads the distribution's name", () => {
  expect(distributionOf('ID=debian\nPRETTY_NAME="Debian GNU/Linux 12"\n')).toBe(
    'Debian GNU/Linux 12',
  );
  expect(distributionOf('')).toBe('unknown distribution');
});

it('reads mounts, with blanks and umlauts in their names', () => {
  const line = String.raw`36 35 98:0 /mnt1 /mnt/a\040b/ü rw,noatime master:1 - ext3 /dev/root rw`;
  expect(parseMounts(`${line}\n`)).toEqual([
    { point: '/mnt/a b/ü', type: 'ext3', source: '/dev/root', root: '/mnt1' },
  ]);
});
