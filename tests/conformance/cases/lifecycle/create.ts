// runtime.md#create: ids, bundles, configs, and what a failure leaves behind.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { cgroupFolder } from '../../harness/observe.ts';

const CREATE = 'runtime.md#runtimeCreate';

export const createCases: Case[] = [
  {
    section: CREATE,
    title: 'create does not run the program',
    steps: async (box) => {
      await box.created('echo ran > /ran');
      box.that(!existsSync(join(box.rootfs, 'ran')), 'the program has not run', '/ran exists');
      box.equal((await box.state()).status, 'created', 'status');
    },
  },
  {
    section: CREATE,
    title: 'create without an id is an error',
    steps: async (box) => {
      box.writeConfig();
      box.failed(await box.call('create', '--bundle', box.bundle), 'create without an id');
    },
  },
  {
    section: CREATE,
    title: 'create of a bundle that does not exist is an error',
    steps: async (box) => {
      box.failed(await box.call('create', '--bundle', join(box.dir, 'absent'), box.id), 'create');
      box.failed(await box.call('state', box.id), 'no container was created: state');
    },
  },
  {
    section: CREATE,
    title: 'create of a bundle without config.json is an error',
    steps: async (box) => {
      box.failed(await box.call('create', '--bundle', box.bundle, box.id), 'create');
      box.failed(await box.call('state', box.id), 'no container was created: state');
    },
  },
  {
    section: CREATE,
    title: 'create with a config.json that is not JSON is an error',
    steps: async (box) => {
      writeFileSync(join(box.bundle, 'config.json'), '{ "ociVersion": ');
      box.failed(await box.call('create', '--bundle', box.bundle, box.id), 'create');
      box.failed(await box.call('state', box.id), 'no container was created: state');
    },
  },
  {
    section: CREATE,
    title: 'an id in use is refused and the first container is left alone',
    steps: async (box) => {
      const pid = await box.started();
      box.failed(await box.create(), 'a second create with the same id');
      const state = await box.state();
      box.equal([state.status, state.pid], ['running', pid], 'state of the first container');
    },
  },
  {
    section: CREATE,
    title: 'an id stays in use while its container is stopped',
    steps: async (box) => {
      await box.stopped();
      box.failed(await box.create(), 'create with the id of a stopped container');
    },
  },
  ...['../escape', 'a/b', '.', '..', ''].map((id) => invalidId(id)),
  {
    section: CREATE,
    title: 'changes of config.json after create have no effect',
    steps: async (box) => {
      await box.created('echo first');
      box.script('echo second');
      box.patch({ '/annotations': { changed: 'yes' } });
      box.writeConfig();
      box.succeeded(await box.start(), 'start');
      box.equal(await box.printed(/\w/), 'first', 'output');
      box.equal((await box.state()).annotations?.['changed'], undefined, 'annotation');
    },
  },
  {
    section: CREATE,
    title: 'the bundle defaults to the working directory',
    steps: async (box) => {
      box.script('echo here');
      box.writeConfig();
      const result = await box.callWith({ cwd: box.bundle }, 'run', box.id);
      box.equal(result.out.trim(), 'here', 'output');
    },
  },
  {
    section: CREATE,
    title: 'a failed create leaves no cgroup, no state and no mount',
    config: { '/mounts/-': { destination: '/x', type: 'no-such-filesystem', source: 'none' } },
    steps: async (box) => {
      box.failed(await box.create(), 'create with an unknown filesystem');
      box.failed(await box.call('state', box.id), 'state');
      box.that(!existsSync(cgroupFolder(box, 'pids')), 'the cgroup is gone', box.cgroup);
      const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
      box.that(!mounts.includes(box.rootfs), 'nothing is mounted in the bundle', box.rootfs);
    },
  },
  {
    section: CREATE,
    title: 'the same id can be created again after a failed create',
    config: { '/mounts/-': { destination: '/x', type: 'no-such-filesystem', source: 'none' } },
    steps: async (box) => {
      box.failed(await box.create(), 'create with an unknown filesystem');
      box.patch({ '/mounts/6': undefined });
      box.patch({ '/mounts': (box.config as { mounts: [] }).mounts.slice(0, 6) });
      box.equal((await box.run('echo again')).out.trim(), 'again', 'output');
    },
  },
];

function invalidId(id: string): Case {
  return {
    section: CREATE,
    title: `the id "${id}" is refused`,
    steps: async (box) => {
      box.writeConfig();
      const result = await box.call('create', '--bundle', box.bundle, id);
      box.failed(result, `create with the id "${id}"`);
    },
  };
}
