// runtime.md#start: in every state, right and wrong.

import type { Case } from '../../harness/case.ts';
import { hasExited } from '../../harness/observe.ts';

const START = 'runtime.md#runtimeStart';

export const startCases: Case[] = [
  {
    section: START,
    title: 'start runs the program',
    steps: async (box) => {
      await box.started('echo started; exec sleep 100');
      box.equal(await box.printed(/\w/), 'started', 'output');
    },
  },
  {
    section: START,
    title: 'start without an id is an error',
    steps: async (box) => box.failed(await box.call('start'), 'start'),
  },
  {
    section: START,
    title: 'start of a container that does not exist is an error',
    steps: async (box) => box.failed(await box.call('start', 'nobody'), 'start'),
  },
  {
    section: START,
    title: 'start of a running container is an error and has no effect',
    steps: async (box) => {
      const pid = await box.started('echo one; exec sleep 100');
      await box.printed(/one/);
      box.failed(await box.start(), 'a second start');
      const now = await box.state();
      box.equal(
        [now.status, now.pid, box.output()],
        ['running', pid, 'one'],
        'status, pid, output',
      );
    },
  },
  {
    section: START,
    title: 'start of a stopped container is an error and has no effect',
    steps: async (box) => {
      await box.stopped('echo one');
      box.failed(await box.start(), 'start');
      box.equal((await box.state()).status, 'stopped', 'status');
      box.equal(box.output(), 'one', 'output');
    },
  },
  {
    section: START,
    title: 'a config without process can be created at most, never started',
    config: { '/process': undefined },
    steps: async (box) => {
      const made = await box.create();
      if (made.code === 0) box.failed(await box.start(), 'start without process');
      else box.failed(made, 'create without process');
    },
  },
  {
    section: START,
    title: 'start returns while the program runs',
    steps: async (box) => {
      const pid = await box.started('exec sleep 100');
      box.that(!hasExited(pid), 'the program runs on', pid);
    },
  },
];
