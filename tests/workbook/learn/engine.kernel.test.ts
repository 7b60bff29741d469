/** The learner's code runs the engine: in every process of it, and only where it was asked for. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { solutionOf } from '../../grader/source/learner-copy.ts';
import { chapterFolders, partsOf } from '../../grader/source/parts.ts';
import { Checkout } from './checkout.ts';

let checkout: Checkout;
/** Where the learner's functions leave word that they were called: in which program. */
let visits = '';

/** The first line of each function below, put into the learner's files. */
const callOut = (name: string): string =>
  `process.getBuiltinModule('fs').appendFileSync('${visits}', '${name} ' + process.argv[1] + '\\n');`;

beforeAll(() => {
  checkout = new Checkout();
  visits = path.join(checkout.folder, 'visits');
  for (const chapter of chapterFolders()) {
    for (const part of partsOf(chapter)) {
      checkout.write(`chapters/${chapter}/mine/${part.file}`, solutionOf(part));
    }
  }
  const plan = 'chapters/01-namespaces/mine/plan.ts';
  const before = 'const wanted = new Map(';
  checkout.edit(plan, before, `${callOut('planNamespaces')} ${before}`);
  const entryPath = 'chapters/05-image/mine/entry-path.ts';
  const first = 'const names = path.split(';
  checkout.edit(entryPath, first, `${callOut('splitEntryPath')} ${first}`);
  const reference = 'chapters/06-registry/mine/reference.ts';
  const refusal = String.raw`if (/^[\da-f]{64}$/.test(text))`;
  checkout.edit(reference, refusal, `${callOut('parseReference')} ${refusal}`);
});
afterAll(() => checkout[Symbol.dispose]());

function visitors(): string {
  return existsSync(visits) ? checkout.read('visits') : '';
}

describe('./workbook engine', () => {
  it('--mine 01,02,03,04,05,06 runs the demo on them, in each of its programs', () => {
    const { code, out, err } = checkout.workbook('engine', '--mine', '01,02,03,04,05,06');
    const complaints = err.replaceAll(/^[\da-f]{12}: .*\n?/gm, '');
    expect([code, complaints]).toEqual([0, '']);
    expect(out).toContain('I am process 1, and these are all that I can see');
    expect(visitors()).toMatch(/^planNamespaces .*\/demo\.ts$/m);
    expect(visitors()).toMatch(/^planNamespaces .*\/runtime-cli\/entry\.ts$/m);
    expect(visitors()).toMatch(/^splitEntryPath .*\/cli\/main\.ts$/m);
    expect(visitors()).toMatch(/^parseReference .*\/cli\/main\.ts$/m);
  });

  it('runs any command, with coracle-runtime on its PATH', () => {
    const { code, out } = checkout.workbook(
      'engine',
      '--mine=1',
      'sh',
      '-c',
      'coracle-runtime --version; exit 7',
    );
    expect(code).toBe(7);
    expect(out).toMatch(/^coracle-runtime version /);
  });

  it('an exercise that is to be written stops the engine, with its name', () => {
    const file = 'chapters/03-overlayfs/mine';
    checkout.workbook('reset', '03');
    const { code, err } = checkout.workbook('engine', '--mine', '03');
    expect(code).not.toBe(0);
    expect(err).toMatch(/exercise 03\.\d: \w+ is still to be written/);
    expect(existsSync(path.join(checkout.folder, file))).toBe(true);
  });

  it("run NN --mine shows the chapter on the learner's code", () => {
    const before = visitors().length;
    const { code, out } = checkout.workbook('run', '01', '--mine');
    expect(code).toBe(0);
    expect(out).toContain('eight new namespaces');
    expect(visitors().slice(before)).toMatch(/^planNamespaces .*01-namespaces\/run\.ts$/m);
  });

  it("run 05 --mine unpacks an image with the learner's code", () => {
    const before = visitors().length;
    const { code, out } = checkout.workbook('run', '05', '--mine');
    expect(code).toBe(0);
    expect(out).toContain('hello, reader, from /srv');
    expect(visitors().slice(before)).toMatch(/^splitEntryPath .*05-image\/run\.ts$/m);
  });
});
