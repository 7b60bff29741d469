/** What the text says that a command prints is what it prints: those that need root. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drift } from './same-output.ts';
import { replay, transcripts } from './transcripts.ts';

const isVersion2 = existsSync('/sys/fs/cgroup/cgroup.controllers');
const other = isVersion2 ? 'v1' : 'v2';
const kernel = transcripts().filter(({ steps }) =>
  steps.some(({ command }) => command.includes('sudo ')),
);

describe('transcripts', () => {
  it.for(kernel)('$file:$line', (transcript, { skip }) => {
    skip(transcript.when === other, `it is for cgroups of ${other}`);
    expect(drift(transcript, replay(transcript))).toEqual([]);
  });
});
