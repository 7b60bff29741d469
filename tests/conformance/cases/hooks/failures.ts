// runtime.md and config.md: what a hook that fails or takes too long does.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { cgroupFolder, hasExited } from '../../harness/observe.ts';
import { DURING_CREATE, HOOKS, LIFECYCLE, hook, read, wholeLife } from './hook.ts';

export const failuresCases: Case[] = [
  ...DURING_CREATE.map((kind): Case => {
    return {
      section: LIFECYCLE,
      title: `a ${kind} hook that fails is an error of create, and the container is destroyed`,
      steps: async (box) => {
        box.patch({ [`/hooks/${kind}`]: [hook('exit 3'), hook(`echo next > ${box.rootfs}/seen`)] });
        box.script('echo ran > /ran');
        box.failed(await box.create(), 'create');
        box.failed(await box.call('state', box.id), 'state');
        box.equal(read(box, 'seen'), '(the hook left nothing)', 'the hook after the failed one');
        box.that(!existsSync(join(box.rootfs, 'ran')), 'the program did not run', '/ran');
        box.that(!existsSync(cgroupFolder(box, 'pids')), 'the cgroup is gone', 'there');
      },
    };
  }),
  {
    section: LIFECYCLE,
    title: 'after a startContainer hook that fails the container is stopped, its program never ran',
    config: { '/hooks/startContainer': [hook('exit 3')] },
    steps: async (box) => {
      const pid = await box.created('echo ran > /ran');
      await box.start();
      await box.eventually(() => hasExited(pid), "the container's process ends");
      box.that(!existsSync(join(box.rootfs, 'ran')), 'the program did not run', '/ran');
    },
  },
  {
    section: LIFECYCLE,
    title: 'a startContainer hook that fails is an error of start',
    config: { '/hooks/startContainer': [hook('exit 3')] },
    steps: async (box) => {
      await box.created();
      box.failed(await box.start(), 'start');
    },
  },
  {
    section: LIFECYCLE,
    title: 'a poststart hook that fails is an error of start, and the container is stopped',
    since: '1.3',
    config: { '/hooks/poststart': [hook('exit 3')] },
    steps: async (box) => {
      const pid = await box.created('exec sleep 100');
      box.failed(await box.start(), 'start');
      await box.eventually(() => hasExited(pid), "the container's process ends");
    },
  },
  {
    section: LIFECYCLE,
    title: 'a poststop hook that fails stops neither delete nor the next hook',
    steps: async (box) => {
      box.patch({ '/hooks/poststop': [hook('exit 3'), hook(`echo next > ${box.rootfs}/seen`)] });
      await wholeLife(box);
      box.equal(read(box, 'seen'), 'next', 'the hook after the failed one');
      box.failed(await box.call('state', box.id), 'state');
    },
  },
  {
    section: LIFECYCLE,
    title: 'when a createRuntime hook fails the poststop hooks run',
    steps: async (box) => {
      box.patch({ '/hooks/createRuntime': [hook('exit 3')] });
      box.patch({ '/hooks/poststop': [hook(`echo poststop > ${box.rootfs}/seen`)] });
      box.failed(await box.create(), 'create');
      box.equal(read(box, 'seen'), 'poststop', 'what the poststop hook left');
    },
  },
  {
    section: HOOKS,
    title: 'a hook killed by a signal has failed',
    config: { '/hooks/createRuntime': [hook('kill -KILL $$')] },
    refused: true,
  },
  {
    section: HOOKS,
    title: 'a hook whose program does not exist has failed',
    config: { '/hooks/createRuntime': [{ path: '/no/such/program' }] },
    refused: true,
  },
  {
    section: HOOKS,
    title: 'a relative hook path is refused',
    config: { '/hooks/createRuntime': [{ path: 'bin/true' }] },
    refused: true,
  },
  {
    section: HOOKS,
    title: 'timeout: a hook that takes longer is aborted and has failed',
    config: { '/hooks/createRuntime': [hook('exec sleep 30', { timeout: 1 })] },
    steps: async (box) => {
      const began = Date.now();
      box.failed(await box.create(), 'create');
      box.that(Date.now() - began < 8000, 'it took less than 8 seconds', Date.now() - began);
    },
  },
  {
    section: HOOKS,
    title: 'timeout: a hook that is quicker is left alone',
    config: { '/hooks/createRuntime': [hook('sleep 0.2', { timeout: 5 })] },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: HOOKS,
    title: 'a timeout of 0 is refused',
    config: { '/hooks/createRuntime': [hook('true', { timeout: 0 })] },
    refused: true,
  },
  {
    section: HOOKS,
    title: 'a negative timeout is refused',
    config: { '/hooks/createRuntime': [hook('true', { timeout: -1 })] },
    refused: true,
  },
];
