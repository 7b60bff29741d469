/** What the text says that a command prints is what it prints: those that need no root. */
import { describe, expect, it } from 'vitest';
import { difference } from './same-output.ts';
import {
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

describe('transcripts', () => {
  it.each(pure)('$file:$line', (transcript) => {
    const printed = replay(transcript);
    for (const [index, { command, output }] of transcript.steps.entries()) {
      expect(difference(output, printed[index] ?? []), command).toBeUndefined();
    }
  });

  it.each(chapterTexts().flatMap((file) => programsOf(file, textOf(file))))(
    'a program of $file',
    (program) => {
      expect(difference(program.output, runProgram(program)), program.code).toBeUndefined();
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
    const [first, second] = replay(drifted);
    expect(difference(drifted.steps[0]?.output ?? [], first ?? [])).toBeUndefined();
    expect(difference(drifted.steps[1]?.output ?? [], second ?? [])).toBe('c');
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
