import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { standsOn, table, violation } from './boundaries.ts';
import { importsOf, importsOfTree } from './imports.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** What the rules say about one line of code in one file. */
function verdict(file: string, code: string): (string | undefined)[] {
  return importsOf(file, code).map(violation);
}

describe('the import graph of this repository', () => {
  const imports = importsOfTree(root, ['lib', 'chapters', 'tests']);

  it('is not empty', () => {
    expect(imports.length).toBeGreaterThan(10);
  });

  it('keeps to the table', () => {
    const broken = imports
      .map((each) => ({ at: `${each.file}:${each.line}`, rule: violation(each) }))
      .filter(({ rule }) => rule !== undefined);
    expect(broken).toEqual([]);
  });
});

describe('a deliberate violation is caught', () => {
  it.each([
    [
      'a layer above',
      'lib/src/oci/a.ts',
      "import { x } from '../runtime/index.ts';",
      /oci may not/,
    ],
    [
      'a neighbour',
      'lib/src/cgroups/a.ts',
      "import { x } from '../namespaces/index.ts';",
      /may not/,
    ],
    ['a type only', 'lib/src/base/a.ts', "import type { X } from '../sys/index.ts';", /may not/],
    ['a re-export', 'lib/src/sys/a.ts', "export * as all from '../oci/index.ts';", /may not/],
    ['a dynamic import', 'lib/src/oci/a.ts', "await import('../sys/index.ts');", /may not/],
    ['a type expression', 'lib/src/oci/a.ts', "type X = import('../sys/index.ts').Y;", /may not/],
    [
      'a deep file',
      'lib/src/runtime/a/b.ts',
      "import { x } from '../../sys/errno.ts';",
      /index\.ts/,
    ],
    [
      'a deep file from a test',
      'lib/test/oci/a.ts',
      "import '../../src/sys/errno.ts';",
      /index\.ts/,
    ],
    ['a chapter', 'lib/src/runtime/a.ts', "import '../../../chapters/12-engine/x.ts';", /never/],
    ['a chapter from a test', 'lib/test/oci/a.ts', "import '../../../chapters/x/run.ts';", /never/],
    ['tests', 'lib/src/runtime/a.ts', "import '../../../tests/helpers/x.ts';", /outside lib/],
    ['itself by name', 'lib/src/runtime/a.ts', "import 'coracle/sys';", /relative path/],
    ['a part by path', 'lib/src/cgroups/a.ts', "import { x } from './parts/b.ts';", /#parts/],
    ["another layer's part", 'lib/src/runtime/a.ts', "import '#parts/cgroups/b.ts';", /only the/],
    [
      'a part from a chapter',
      'chapters/02-cgroups/run.ts',
      "import '#parts/cgroups/b.ts';",
      /only/,
    ],
    ['the grader', 'chapters/02-cgroups/run.ts', "import '../../tests/grader/a.ts';", /exercises/],
    ['koffi in a layer', 'lib/src/runtime/a.ts', "import koffi from 'koffi';", /koffi/],
    ['koffi in a chapter', 'chapters/01-namespaces/run.ts', "require('koffi');", /koffi/],
    [
      'lib by path',
      'chapters/02-cgroups/run.ts',
      "import '../../lib/src/sys/index.ts';",
      /exports/,
    ],
    ['lib by deep name', 'chapters/02-cgroups/run.ts', "import 'coracle/sys/errno.ts';", /exports/],
    [
      'another chapter',
      'chapters/02-cgroups/run.ts',
      "import '../01-namespaces/run.ts';",
      /each other/,
    ],
    [
      'the engine',
      'chapters/02-cgroups/run.ts',
      "import '../12-engine/demo/demo.ts';",
      /each other/,
    ],
    [
      'test helpers',
      'chapters/02-cgroups/run.ts',
      "import '../../tests/helpers/x.ts';",
      /own tests/,
    ],
  ])('%s', (_what, file, code, rule) => {
    expect(verdict(file, code)).toEqual([expect.stringMatching(rule)]);
  });
});

describe('what the table allows passes', () => {
  it.each([
    ['a layer below', 'lib/src/runtime/a.ts', "import { x } from '../cgroups/index.ts';"],
    ['a layer two below', 'lib/src/runtime/a.ts', "import { x } from '../base/index.ts';"],
    ['a file of the same layer', 'lib/src/sys/program/a.ts', "import { x } from '../errno.ts';"],
    ['a part of its own', 'lib/src/cgroups/a.ts', "import { x } from '#parts/cgroups/b.ts';"],
    [
      'the grader in exercises',
      'chapters/a/exercises/1.ts',
      "import '../../../tests/grader/a.ts';",
    ],
    ['koffi in sys', 'lib/src/sys/a.ts', "import koffi from 'koffi';"],
    [
      "a layer's test of an inner file",
      'lib/test/sys/a.test.ts',
      "import '../../src/sys/errno.ts';",
    ],
    ['lib by its exports', 'chapters/04-runtime/run.ts', "import { x } from 'coracle/runtime';"],
    ['the engine may import chapters', 'chapters/12-engine/a.ts', "import '../04-runtime/run.ts';"],
    ['helpers in a chapter test', 'chapters/04-runtime/a.test.ts', "import '../../tests/x.ts';"],
    ['Node', 'lib/src/oci/a.ts', "import path from 'node:path';"],
  ])('%s', (_what, file, code) => {
    expect(verdict(file, code)).toEqual([undefined]);
  });

  it('a comment, a string and a regular expression are not imports', () => {
    const code = `// import '../runtime/index.ts';\nconst a = "import '../b.ts'", b = /import '.\\/c'/;`;
    expect(importsOf('lib/src/oci/a.ts', code)).toEqual([]);
  });
});

describe('the table', () => {
  it('has no circle', () => {
    for (const layer of Object.keys(table)) expect(standsOn(layer)).not.toContain(layer);
  });

  it('names only layers that have a row', () => {
    for (const below of Object.values(table)) {
      for (const layer of below) expect(Object.keys(table)).toContain(layer);
    }
  });
});
