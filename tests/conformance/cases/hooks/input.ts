// config.md, hooks: state on stdin, arguments, environment.

import type { State } from '../../harness/box.ts';
import type { Case } from '../../harness/case.ts';
import { HOOKS, KINDS, hook, place, read, startedAndUp, wholeLife } from './hook.ts';

/** Status that a hook of each kind must see (runtime.md, the life cycle's steps). */
const STATUS: Record<string, string> = {
  prestart: 'creating',
  createRuntime: 'creating',
  createContainer: 'creating',
  startContainer: 'created',
  poststart: 'running',
  poststop: 'stopped',
};

export const inputCases: Case[] = [
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
