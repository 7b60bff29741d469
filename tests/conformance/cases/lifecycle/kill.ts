// runtime.md#kill: in every state, and the names of signals.

import type { Case } from '../../harness/case.ts';
import { hasExited } from '../../harness/observe.ts';

const KILL = 'runtime.md#runtimeKill';

export const killCases: Case[] = [
  {
    section: KILL,
    title: 'kill without an id is an error',
    steps: async (box) => box.failed(await box.call('kill'), 'kill'),
  },
  {
    section: KILL,
    title: 'kill of a container that does not exist is an error',
    steps: async (box) => box.failed(await box.call('kill', 'nobody', 'KILL'), 'kill'),
  },
  {
    section: KILL,
    title: 'kill of a stopped container is an error',
    steps: async (box) => {
      await box.stopped();
      box.failed(await box.kill('KILL'), 'kill');
      box.equal((await box.state()).status, 'stopped', 'status');
    },
  },
  {
    section: KILL,
    title: 'kill of a created container stops it',
    steps: async (box) => {
      const pid = await box.created();
      box.succeeded(await box.kill('KILL'), 'kill');
      await box.eventually(() => hasExited(pid), 'the process dies');
      box.equal((await box.state()).status, 'stopped', 'status');
    },
  },
  {
    section: KILL,
    title: 'a signal that is no signal is an error and has no effect',
    steps: async (box) => {
      const pid = await box.started();
      box.failed(await box.kill('SIGNOTHING'), 'kill');
      box.that(!hasExited(pid), 'the container runs on', pid);
    },
  },
  ...['USR1', 'SIGUSR1', '10'].map((name) => delivers(name)),
  {
    section: KILL,
    title: 'kill sends TERM when no signal is named',
    steps: async (box) => {
      await box.started(
        'trap "echo got TERM; exit" TERM; echo ready; while :; do sleep 0.05; done',
      );
      await box.printed(/ready/);
      box.succeeded(await box.call('kill', box.id), 'kill');
      await box.printed(/got TERM/);
    },
  },
];

function delivers(name: string): Case {
  return {
    section: KILL,
    title: `the signal ${name} reaches the container's process`,
    steps: async (box) => {
      await box.started('trap "echo got it; exit" USR1; echo ready; while :; do sleep 0.05; done');
      await box.printed(/ready/);
      box.succeeded(await box.kill(name), 'kill');
      await box.printed(/got it/);
    },
  };
}
