// runtime.md: create, start, state, kill and delete, in every state, right and wrong.

import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '../harness/box.ts';
import type { Case } from '../harness/case.ts';
import { hasExited } from '../harness/observe.ts';

const CREATE = 'runtime.md#runtimeCreate';
const START = 'runtime.md#runtimeStart';
const KILL = 'runtime.md#runtimeKill';
const DELETE = 'runtime.md#runtimeDelete';

const create: Case[] = [
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
      box.that(!existsSync(`/sys/fs/cgroup/pids${box.cgroup}`), 'the cgroup is gone', box.cgroup);
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

const state: Case[] = [
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

const start: Case[] = [
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

const kill: Case[] = [
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

const remove: Case[] = [
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
    .map((controller) => `/sys/fs/cgroup/${controller}${box.cgroup}`)
    .filter((folder) => existsSync(folder));
}

const scope: Case[] = [
  {
    section: 'runtime.md#runtimeLifecycle',
    title: 'two containers of one bundle live side by side',
    steps: async (box) => {
      await box.started('sleep 100');
      const other = `${box.id}-two`;
      box.patch({ '/linux/cgroupsPath': `${box.cgroup}/two` });
      box.writeConfig();
      const made = await box.call('create', '--bundle', box.bundle, other);
      box.succeeded(made, 'create of the second');
      box.equal((await box.state()).status, 'running', 'status of the first');
      const result = await box.call('state', other);
      box.equal((JSON.parse(result.out) as { status: string }).status, 'created', 'of the second');
    },
  },
  {
    section: 'runtime.md#runtimeScopeContainer',
    title: 'a container made by one command is found by the next through a symlinked --root',
    steps: async (box) => {
      await box.created();
      const link = join(box.dir, 'link');
      symlinkSync(box.root, link);
      const result = await box.callWith({ globals: ['--root', link] }, 'state', box.id);
      box.succeeded(result, 'state through the link');
    },
  },
  {
    section: 'runtime.md#runtimeLifecycle',
    title: "run creates, starts, waits and deletes, and exits with the program's code",
    steps: async (box) => {
      box.equal((await box.run('exit 42')).code, 42, 'exit code');
      box.failed(await box.call('state', box.id), 'state afterwards');
    },
  },
  {
    section: 'runtime.md#runtimeLifecycle',
    title: 'run exits with 128 + signal when a signal ended the program',
    steps: async (box) => {
      box.patch({ '/linux/namespaces': ['mount', 'ipc', 'uts'].map((type) => ({ type })) });
      box.equal((await box.run('kill -KILL $$; sleep 1')).code, 137, 'exit code');
    },
  },
  {
    section: 'config.md#configRoot',
    title: 'a rootfs that does not exist is an error',
    steps: async (box) => {
      rmSync(box.rootfs, { recursive: true });
      await box.refuses();
    },
  },
  {
    section: 'config.md#configRoot',
    title: 'a rootfs that is not a directory is an error',
    config: { '/root/path': 'rootfs/etc/passwd' },
    refused: true,
  },
  {
    section: 'config.md#configRoot',
    title: 'root.path may be absolute',
    config: (box) => ({ '/root/path': box.rootfs }),
    script: 'echo here',
    prints: 'here',
  },
  {
    section: 'config.md#configRoot',
    title: 'root.path is relative to the bundle, whatever its name',
    steps: async (box) => {
      mkdirSync(join(box.bundle, 'deep'));
      symlinkSync('../rootfs', join(box.bundle, 'deep', 'tree'));
      box.patch({ '/root/path': 'deep/../rootfs' });
      await box.prints('echo here', 'here');
    },
  },
];

export const lifecycleCases: Case[] = [...create, ...state, ...start, ...kill, ...remove, ...scope];
