// config.md, POSIX-platform hooks: where and when the six kinds run, what they get, what a failure does.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box, State } from '../harness/box.ts';
import type { Case } from '../harness/case.ts';
import { hasExited, namespaceOf } from '../harness/observe.ts';

const HOOKS = 'config.md#configHooks';
const LIFECYCLE = 'runtime.md#runtimeLifecycle';

const IN_RUNTIME = ['prestart', 'createRuntime', 'poststart', 'poststop'];
const DURING_CREATE = ['prestart', 'createRuntime', 'createContainer'];
const KINDS = [...DURING_CREATE, 'startContainer', 'poststart', 'poststop'];

/** A hook of `kind` that runs `script` by sh; startContainer hooks find sh in the container. */
function hook(script: string, more: object = {}): object {
  const env = ['PATH=/usr/bin:/bin'];
  return { path: '/bin/sh', args: ['sh', '-c', script], env, ...more };
}

/** Where a hook of `kind` must write for the suite to read it from the rootfs folder. */
function place(box: Box, kind: string): string {
  return kind === 'startContainer' ? '' : box.rootfs;
}

function read(box: Box, name: string): string {
  const path = join(box.rootfs, name);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '(the hook left nothing)';
}

/** Life of a container with everything a hook can see: create, start, exit, delete. */
async function wholeLife(box: Box, script = 'true'): Promise<number> {
  const pid = await box.stopped(script);
  box.succeeded(await box.delete(), 'delete');
  return pid;
}

/** Starts a container and waits until its program runs: a runtime may return from start earlier. */
async function startedAndUp(box: Box): Promise<number> {
  const pid = await box.started('echo up; exec sleep 100');
  await box.printed(/up/);
  return pid;
}

/** Adds to every kind a hook made by `script(kind, folder)`. */
function everyKind(box: Box, script: (kind: string, folder: string) => string): void {
  for (const kind of KINDS) {
    box.patch({ [`/hooks/${kind}/-`]: hook(script(kind, place(box, kind))) });
  }
}

const where: Case[] = [
  ...IN_RUNTIME.map((kind): Case => {
    return {
      section: HOOKS,
      title: `${kind} hooks run in the runtime's namespaces`,
      steps: async (box) => {
        const out = join(box.rootfs, 'seen');
        const script = `for n in pid net uts ipc mnt; do readlink /proc/self/ns/$n; done > ${out}`;
        box.patch({ [`/hooks/${kind}/-`]: hook(script) });
        await wholeLife(box);
        const kinds = ['pid', 'net', 'uts', 'ipc', 'mnt'];
        if (!box.runtime.sharesMountNamespace) kinds.pop();
        const seen = read(box, 'seen').split('\n').slice(0, kinds.length);
        box.equal(
          seen,
          kinds.map((name) => namespaceOf('self', name)),
          'namespaces',
        );
      },
    };
  }),
  {
    section: HOOKS,
    title: "createContainer hooks: path of the runtime's, namespaces of the container's",
    steps: async (box) => {
      const tool = join(box.dir, 'tool');
      const out = join(box.rootfs, 'seen');
      const script = `for n in mnt net uts ipc; do readlink /proc/self/ns/$n; done > ${out}`;
      writeFileSync(tool, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      box.patch({ '/hooks/createContainer': [{ path: tool, env: ['PATH=/usr/bin:/bin'] }] });
      const pid = await box.created();
      const expected = ['mnt', 'net', 'uts', 'ipc'].map((name) => namespaceOf(pid, name));
      box.equal(read(box, 'seen').split('\n'), expected, 'namespaces');
    },
  },
  {
    section: HOOKS,
    title: "startContainer hooks: path and namespaces of the container's",
    steps: async (box) => {
      const script = 'for n in mnt net uts ipc pid; do readlink /proc/self/ns/$n; done > /seen';
      writeFileSync(join(box.rootfs, 'tool'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      const env = ['PATH=/bin'];
      box.patch({ '/hooks/startContainer': [{ path: '/tool', args: ['tool'], env }] });
      const pid = await startedAndUp(box);
      const names = ['mnt', 'net', 'uts', 'ipc', 'pid'];
      const expected = names.map((name) => namespaceOf(pid, name));
      box.equal(read(box, 'seen').split('\n'), expected, 'namespaces');
    },
  },
  {
    section: 'config.md#configHooksCreateRuntime',
    title: "createRuntime hooks run when the container's namespaces exist",
    steps: async (box) => {
      const script = `pid=$(sed -n 's/.*"pid": *\\([0-9]*\\).*/\\1/p'); readlink /proc/$pid/ns/net`;
      box.patch({ '/hooks/createRuntime/-': hook(`(${script}) > ${join(box.rootfs, 'seen')}`) });
      const pid = await box.created();
      box.equal(read(box, 'seen'), namespaceOf(pid, 'net'), 'network namespace of state.pid');
    },
  },
];

const when: Case[] = [
  {
    section: HOOKS,
    title: 'all hooks run in the order of the life cycle, and in the listed order',
    steps: async (box) => {
      everyKind(box, (kind, folder) => `echo ${kind} 1 >> ${folder}/log`);
      everyKind(box, (kind, folder) => `echo ${kind} 2 >> ${folder}/log`);
      await wholeLife(box, 'sleep 0.3; echo program >> /log');
      const expected = KINDS.flatMap((kind) => [`${kind} 1`, `${kind} 2`]);
      expected.splice(10, 0, 'program');
      box.equal(read(box, 'log').split('\n'), expected, 'order');
    },
  },
  {
    section: HOOKS,
    title: 'create runs prestart, createRuntime and createContainer, and no other',
    steps: async (box) => {
      everyKind(box, (kind, folder) => `echo ${kind} >> ${folder}/log`);
      await box.created();
      box.equal(read(box, 'log').split('\n'), DURING_CREATE, 'hooks run by create');
    },
  },
  {
    section: 'config.md#configHooksStartContainer',
    title: 'startContainer hooks end before the program begins',
    config: { '/hooks/startContainer': [hook('sleep 0.3; echo hook >> /log')] },
    steps: async (box) => {
      await wholeLife(box, 'echo program >> /log');
      box.equal(read(box, 'log'), 'hook\nprogram', 'order');
    },
  },
  {
    section: 'config.md#configHooksPoststart',
    title: 'start returns when the poststart hooks have ended',
    steps: async (box) => {
      box.patch({ '/hooks/poststart/-': hook(`sleep 0.3; echo hook > ${box.rootfs}/seen`) });
      await box.started();
      box.equal(read(box, 'seen'), 'hook', 'what is there when start returns');
    },
  },
  {
    section: 'config.md#configHooksPoststop',
    title: 'poststop hooks run when the container is deleted, before delete returns',
    steps: async (box) => {
      const folder = `/sys/fs/cgroup/pids${box.cgroup}`;
      const script = `sleep 0.2; test -e ${folder} && echo there || echo gone`;
      box.patch({ '/hooks/poststop/-': hook(`(${script}) > ${box.rootfs}/seen`) });
      await box.stopped();
      box.equal(read(box, 'seen'), '(the hook left nothing)', 'before delete');
      box.succeeded(await box.delete(), 'delete');
      box.match(read(box, 'seen'), /^(gone|there)$/, 'after delete');
    },
  },
  {
    section: 'config.md#configHooksPoststop',
    title: 'delete --force runs poststop hooks too',
    steps: async (box) => {
      box.patch({ '/hooks/poststop/-': hook(`echo hook > ${box.rootfs}/seen`) });
      await box.started();
      box.succeeded(await box.delete('--force'), 'delete --force');
      box.equal(read(box, 'seen'), 'hook', 'what the hook left');
    },
  },
];

/** Status that a hook of each kind must see (runtime.md, the life cycle's steps). */
const STATUS: Record<string, string> = {
  prestart: 'creating',
  createRuntime: 'creating',
  createContainer: 'creating',
  startContainer: 'created',
  poststart: 'running',
  poststop: 'stopped',
};

const input: Case[] = [
  ...KINDS.map((kind): Case => {
    return {
      section: HOOKS,
      title: `${kind} hooks get the state on stdin, with status ${STATUS[kind] ?? ''}`,
      config: { '/annotations': { 'com.example.key': 'value' } },
      steps: async (box) => {
        box.patch({ [`/hooks/${kind}/-`]: hook(`cat > ${place(box, kind)}/seen`) });
        await wholeLife(box, 'sleep 0.3');
        const state = JSON.parse(read(box, 'seen')) as State;
        box.equal(
          [state.id, state.bundle, state.annotations?.['com.example.key']],
          [box.id, box.bundle, 'value'],
          'id, bundle and annotation',
        );
        box.match(state.ociVersion, /^1\.\d/, 'ociVersion');
        box.equal(state.status, STATUS[kind], 'status');
      },
    };
  }),
  ...['prestart', 'createRuntime', 'poststart'].map((kind): Case => {
    return {
      section: 'runtime.md#runtimeState',
      title: `${kind} hooks get the pid as the runtime sees it`,
      steps: async (box) => {
        box.patch({ [`/hooks/${kind}/-`]: hook(`cat > ${box.rootfs}/seen`) });
        const pid = await box.started();
        box.equal((JSON.parse(read(box, 'seen')) as State).pid, pid, 'pid');
      },
    };
  }),
  ...['createContainer', 'startContainer'].map((kind): Case => {
    return {
      section: 'runtime.md#runtimeState',
      title: `${kind} hooks get the pid as the container sees it`,
      steps: async (box) => {
        box.patch({ [`/hooks/${kind}/-`]: hook(`cat > ${place(box, kind)}/seen`) });
        await startedAndUp(box);
        box.equal((JSON.parse(read(box, 'seen')) as State).pid, 1, 'pid');
      },
    };
  }),
  {
    section: HOOKS,
    title: 'a hook that does not read its stdin is no failure',
    config: {
      '/annotations': { long: 'x'.repeat(100_000) },
      '/hooks/createRuntime': [{ path: '/bin/true' }],
    },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: HOOKS,
    title: 'args and env of a hook are as given',
    steps: async (box) => {
      const script = `(echo "$0 $1 [$2]"; env | sort) > ${box.rootfs}/seen`;
      const args = ['zero', '-c', script, 'name', 'one', 'two words'];
      box.patch({ '/hooks/createRuntime': [{ path: '/bin/sh', args, env: ['A=1', 'B=x y'] }] });
      await box.created();
      const lines = read(box, 'seen').split('\n');
      const own = lines.filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line));
      box.equal(own, ['name one [two words]', 'A=1', 'B=x y'], 'arguments and environment');
    },
  },
];

const failures: Case[] = [
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
        box.that(!existsSync(`/sys/fs/cgroup/pids${box.cgroup}`), 'the cgroup is gone', 'there');
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

export const hooksCases: Case[] = [...where, ...when, ...input, ...failures];
