// config.md, hooks: the namespaces they run in, and where their path is looked up.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { namespaceOf } from '../../harness/observe.ts';
import { HOOKS, IN_RUNTIME, hook, read, startedAndUp, wholeLife } from './hook.ts';

export const whereCases: Case[] = [
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
