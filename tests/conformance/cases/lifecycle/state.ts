// runtime.md#state: what `state` says in each phase of a container.

import type { Case } from '../../harness/case.ts';
import { hasExited } from '../../harness/observe.ts';

export const stateCases: Case[] = [
  {
    section: 'runtime.md#runtimeQueryState',
    title: 'state without an id is an error',
    steps: async (box) => box.failed(await box.call('state'), 'state'),
  },
  {
    section: 'runtime.md#runtimeQueryState',
    title: 'state of a container that does not exist is an error',
    steps: async (box) => box.failed(await box.call('state', 'nobody'), 'state'),
  },
  {
    section: 'runtime.md#runtimeState',
    title: 'state has ociVersion, id, status, pid and bundle with their types',
    steps: async (box) => {
      await box.created();
      const now = await box.state();
      box.match(now.ociVersion, /^1\.\d+\.\d+/, 'ociVersion');
      box.equal([now.id, now.bundle], [box.id, box.bundle], 'id and bundle');
      box.equal([typeof now.status, typeof now.pid], ['string', 'number'], 'types');
    },
  },
  {
    section: 'runtime.md#runtimeState',
    title: 'bundle is absolute even when it was given relative',
    steps: async (box) => {
      box.writeConfig();
      box.succeeded(await box.call('create', '--bundle', 'bundle', box.id), 'create');
      box.equal((await box.state()).bundle, box.bundle, 'bundle');
    },
  },
  {
    section: 'runtime.md#runtimeState',
    title: 'pid of a created container is its process on the host',
    steps: async (box) => {
      const pid = await box.created();
      box.equal((await box.state()).pid, pid, 'pid in state and in the pid file');
      box.that(!hasExited(pid), 'the process lives', pid);
    },
  },
  {
    section: 'runtime.md#runtimeState',
    title: 'a running container says running, with the pid it was created with',
    steps: async (box) => {
      const pid = await box.started();
      const now = await box.state();
      box.equal([now.status, now.pid], ['running', pid], 'status and pid');
    },
  },
  {
    section: 'runtime.md#runtimeState',
    title: 'a container whose program has exited says stopped',
    steps: async (box) => {
      await box.stopped();
      box.equal((await box.state()).status, 'stopped', 'status');
    },
  },
  {
    section: 'runtime.md#runtimeState',
    title: 'a stopped container shows no pid that a stranger may have by now',
    steps: async (box) => {
      await box.stopped();
      const pid = (await box.state()).pid ?? 0;
      box.equal(pid, 0, 'pid (absent or 0)');
    },
  },
  {
    section: 'runtime.md#runtimeState',
    title: 'a created container that is killed from outside says stopped',
    steps: async (box) => {
      const pid = await box.created();
      process.kill(pid, 'SIGKILL');
      await box.eventually(() => hasExited(pid), 'the process dies');
      box.equal((await box.state()).status, 'stopped', 'status');
    },
  },
  {
    section: 'runtime.md#runtimeState',
    title: 'annotations of the config are in the state',
    config: { '/annotations': { 'com.example.key': 'value', 'com.example.empty': '' } },
    steps: async (box) => {
      await box.created();
      const { annotations } = await box.state();
      box.equal(annotations?.['com.example.key'], 'value', 'annotation');
      box.equal(annotations?.['com.example.empty'], '', 'annotation with an empty value');
    },
  },
  {
    section: 'runtime.md#runtimeState',
    title: 'without annotations the state has none, or an empty map',
    steps: async (box) => {
      await box.created();
      const { annotations } = await box.state();
      box.equal(Object.keys(annotations ?? {}), [], 'annotations');
    },
  },
];
