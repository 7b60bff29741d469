/** What the text says that a command prints is what it prints: those that need no root. */
import { describe, expect, it } from 'vitest';
import { slowness } from '../suites.ts';
import { difference, drift } from './same-output.ts';
import {
  bookTexts,
  chapterTexts,
  programsOf,
  replay,
  runProgram,
  textOf,
  transcripts,
  transcriptsOf,
} from './transcripts.ts';

const all = transcripts();
const pure = all.filter(({ steps }) => !steps.some(({ command }) => command.includes('sudo ')));

/** Chapters are run as a reader runs them, on a machine that may have others to run. */
const LIMIT_MS = 60_000 * slowness;

describe('transcripts', { timeout: LIMIT_MS }, () => {
  it.each(pure)('$file:$line', (transcript) => {
    expect(drift(transcript, replay(transcript))).toEqual([]);
  });

  it.each([...chapterTexts(), ...bookTexts()].flatMap((file) => programsOf(file, textOf(file))))(
    'a program of $file',
    (program) => {
      expect(difference(program.output, runProgram(program))).toBeUndefined();
    },
  );

  it.each(chapterTexts())('%s has one', (chapter) => {
    expect(all.map(({ file }) => file)).toContain(chapter);
  });
});

describe('a transcript', () => {
  const text = '```console v1\n$ echo a \\\n> b\na b\n$ echo c\n```\n';

  it('is commands, and what each prints', () => {
    expect(transcriptsOf('x.md', text)).toEqual([
      {
        file: 'x.md',
        line: 1,
        when: 'v1',
        steps: [
          { command: 'echo a \\\nb', output: ['a b'] },
          { command: 'echo c', output: [] },
        ],
      },
    ]);
  });

  it('that has drifted is found out', () => {
    const [drifted] = transcriptsOf('x.md', text);
    if (drifted === undefined) throw new Error('there is none');
    expect(drift(drifted, replay(drifted))).toEqual([{ command: 'echo c', prints: 'c' }]);
  });

  it.each([
    [['uts:[4026531838]'], ['uts:[4026532999]']],
    [['Process 17 after 3 ms.'], ['Process 4711 after 12.5 ms.']],
    [
      ['a', '…', 'd'],
      ['a', 'b', 'c', 'd'],
    ],
    [['…'], []],
  ])('%j is like %j', (written, printed) => {
    expect(difference(written, printed)).toBeUndefined();
  });

  it.each([
    [['process 1'], ['process 2']],
    [
      ['a', '…', 'd'],
      ['a', 'b', 'c'],
    ],
    [['a'], []],
    [[], ['a']],
  ])('%j is not like %j', (written, printed) => {
    expect(difference(written, printed)).toBe(printed.join('\n'));
  });
});
