// runtime.md#delete: in every state, and what it must leave alone.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '../../harness/box.ts';
import type { Case } from '../../harness/case.ts';
import { cgroupFolder, hasExited } from '../../harness/observe.ts';

const DELETE = 'runtime.md#runtimeDelete';

export const deleteCases: Case[] = [
  {
    section: DELETE,
    title: 'delete without an id is an error',
    steps: async (box) => box.failed(await box.call('delete'), 'delete'),
  },
  {
    section: DELETE,
    title: 'delete of a container that does not exist is an error',
    steps: async (box) => box.failed(await box.call('delete', 'nobody'), 'delete'),
  },
  {
    section: DELETE,
    title: 'delete of a running container is an error and has no effect',
    steps: async (box) => {
      const pid = await box.started();
      box.failed(await box.delete(), 'delete');
      const now = await box.state();
      box.equal([now.status, now.pid], ['running', pid], 'status and pid');
    },
  },
  {
    section: DELETE,
    title: 'delete of a created container is an error and has no effect',
    steps: async (box) => {
      const pid = await box.created();
      box.failed(await box.delete(), 'delete');
      const now = await box.state();
      box.equal([now.status, now.pid], ['created', pid], 'status and pid');
    },
  },
  {
    section: DELETE,
    title: 'delete of a stopped container removes it',
    steps: async (box) => {
      await box.stopped();
      box.succeeded(await box.delete(), 'delete');
      box.failed(await box.call('state', box.id), 'state');
    },
  },
  {
    section: DELETE,
    title: 'delete removes the cgroups that create made',
    steps: async (box) => {
      await box.stopped();
      box.succeeded(await box.delete(), 'delete');
      box.equal(cgroupsOf(box), [], 'cgroups left');
    },
  },
  {
    section: DELETE,
    title: 'delete leaves the bundle as it was',
    steps: async (box) => {
      writeFileSync(join(box.rootfs, 'mine'), 'mine');
      await box.stopped();
      box.succeeded(await box.delete(), 'delete');
      box.that(existsSync(join(box.rootfs, 'mine')), 'files of the bundle stay', 'removed');
      box.that(existsSync(join(box.bundle, 'config.json')), 'config.json stays', 'removed');
    },
  },
  {
    section: DELETE,
    title: 'an id can be used again after delete',
    steps: async (box) => {
      await box.stopped('echo one');
      box.succeeded(await box.delete(), 'delete');
      box.equal((await box.run('echo two')).out.trim(), 'two', 'output');
    },
  },
  {
    section: DELETE,
    title: 'delete ends what the container left running (no pid namespace of its own)',
    config: { '/linux/namespaces': ['mount', 'ipc', 'uts'].map((type) => ({ type })) },
    steps: async (box) => {
      await box.stopped('sleep 100 & echo $!');
      const left = Number(await box.printed(/\d/));
      const result = await box.delete('--force');
      box.succeeded(result, 'delete --force');
      await box.eventually(() => hasExited(left), 'the process that was left dies');
    },
  },
  {
    section: DELETE,
    title: 'delete --force ends a running container and removes it',
    steps: async (box) => {
      const pid = await box.started();
      box.succeeded(await box.delete('--force'), 'delete --force');
      box.that(hasExited(pid), 'the process is dead', pid);
      box.failed(await box.call('state', box.id), 'state');
    },
  },
  {
    section: DELETE,
    title: 'delete --force of a created container removes it',
    steps: async (box) => {
      const pid = await box.created();
      box.succeeded(await box.delete('--force'), 'delete --force');
      box.that(hasExited(pid), 'the process is dead', pid);
    },
  },
  {
    section: DELETE,
    title: 'delete --force of a container that does not exist is no error',
    steps: async (box) => box.succeeded(await box.delete('--force'), 'delete --force'),
  },
];

function cgroupsOf(box: Box): string[] {
  return [...box.host.controllers]
    .map((controller) => cgroupFolder(box, controller))
    .filter((folder) => existsSync(folder));
}
