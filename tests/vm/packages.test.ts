import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { suiteNeeds, vmNeeds } from '../../chapters/12-engine/workbook/packages.ts';

const list = path.resolve(import.meta.dirname, '../../vagrant/packages.txt');
const provided = readFileSync(list, 'utf8')
  .replaceAll(/#.*/g, '')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '');
/** Part of docker.io in Debian 12. */
const later = ['docker-cli'];

it('the machine has what every suite asks for, so that tests in it need no network', () => {
  // These two do not run in it (their obstacle in tests/suites.ts).
  const { vm: _, book: __, ...inside } = suiteNeeds;
  const needed = Object.values(inside).flatMap((needs) => needs.map(({ debian }) => debian));
  const missing = new Set(needed.filter((name) => !provided.includes(name)));
  expect([...missing]).toEqual(later);
});

it('the machine does not carry what only its host needs', () => {
  const shared = vmNeeds.map(({ debian }) => debian).filter((name) => provided.includes(name));
  expect(shared).toEqual([]);
});

it('each package is listed once', () => {
  expect(provided).toEqual([...new Set(provided)]);
});
