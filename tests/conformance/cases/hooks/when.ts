// config.md, hooks: the order, and what waits for them.

import type { Case } from '../../harness/case.ts';
import { cgroupFolder } from '../../harness/observe.ts';
import { DURING_CREATE, HOOKS, KINDS, everyKind, hook, read, wholeLife } from './hook.ts';

export const whenCases: Case[] = [
  {
    section: HOOKS,
    title: 'all hooks run in the order of the life cycle, and in the listed order',
    steps: async (box) => {
      everyKind(box, (kind, folder) => `echo ${kind} 1 >> ${folder}/log`);
      everyKind(box, (kind, folder) => `echo ${kind} 2 >> ${folder}/log`);
      await wholeLife(box, 'echo program >> /log');
      const log = read(box, 'log').split('\n');
      const expected = KINDS.flatMap((kind) => [`${kind} 1`, `${kind} 2`]);
      box.equal(
        log.filter((line) => line !== 'program'),
        expected,
        'order',
      );
      // The program runs beside the poststart hooks, after startContainer and before poststop.
      const at = log.indexOf('program');
      box.equal([at >= 8, at <= 10], [true, true], 'the program is between its hooks');
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
      const folder = cgroupFolder(box, 'pids');
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
