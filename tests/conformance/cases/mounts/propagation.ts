// config.md, propagation options of bind mounts.

import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { mountAt, parseMounts } from '../../harness/mountinfo.ts';
import { nestedSource } from './sources.ts';

const SECTION = 'config.md#configLinuxMountOptions';

/** Propagation of a bind whose source is a shared mount of the host, with a shared mount below. */
function propagation(option: string, top: string[], below: string[]): Case {
  return {
    section: SECTION,
    title: `${option} sets the propagation`,
    steps: async (box) => {
      const source = join(box.dir, 'shared');
      box.hostMount('-t', 'tmpfs', 'tmpfs', source);
      box.hostCommand('mount', '--make-shared', source);
      box.hostMount('-t', 'tmpfs', 'tmpfs', join(source, 'below'));
      box.hostCommand('mount', '--make-shared', join(source, 'below'));
      const options = ['rbind', option];
      box.patch({ '/mounts/-': { destination: '/mnt', type: 'none', source, options } });
      const result = await box.run('cat /proc/self/mountinfo');
      box.succeeded(result, 'the container runs');
      const seen = (path: string): string[] | undefined =>
        parseMounts(result.out).find(({ destination }) => destination === path)?.propagation;
      box.equal(seen('/mnt'), top, 'propagation of the mount');
      box.equal(seen('/mnt/below'), below, 'propagation of the mount below');
    },
  };
}

export const propagationCases: Case[] = [
  propagation('rprivate', [], []),
  propagation('rslave', ['master'], ['master']),
  propagation('runbindable', ['unbindable'], ['unbindable']),
  {
    section: SECTION,
    title: 'rshared sets the propagation',
    steps: async (box) => {
      const source = nestedSource(box);
      const options = ['rbind', 'rshared'];
      box.patch({ '/mounts/-': { destination: '/mnt', type: 'none', source, options } });
      const mount = await mountAt(box, '/mnt');
      box.that(mount.propagation.includes('shared'), 'the mount is shared', mount);
      const result = await mountAt(box, '/mnt/below').catch(() => undefined);
      if (result !== undefined) box.that(result.propagation.includes('shared'), 'below', result);
    },
  },
  ...[
    ['private', []],
    ['slave', ['master']],
    ['unbindable', ['unbindable']],
  ].map(([option, tags]): Case => {
    return {
      section: SECTION,
      title: `${String(option)} sets the propagation`,
      steps: async (box) => {
        const source = join(box.dir, 'shared');
        box.hostMount('-t', 'tmpfs', 'tmpfs', source);
        box.hostCommand('mount', '--make-shared', source);
        const options = ['bind', String(option)];
        box.patch({ '/mounts/-': { destination: '/mnt', type: 'none', source, options } });
        box.equal((await mountAt(box, '/mnt')).propagation, tags, 'propagation');
      },
    };
  }),
  {
    section: SECTION,
    title: 'shared sets the propagation',
    steps: async (box) => {
      const source = nestedSource(box);
      const options = ['bind', 'shared'];
      box.patch({ '/mounts/-': { destination: '/mnt', type: 'none', source, options } });
      const mount = await mountAt(box, '/mnt');
      box.that(mount.propagation.includes('shared'), 'the mount is shared', mount);
    },
  },
  {
    section: SECTION,
    title: 'rslave: what the host mounts later appears in the container',
    steps: async (box) => {
      const source = join(box.dir, 'shared');
      box.hostMount('-t', 'tmpfs', 'tmpfs', source);
      box.hostCommand('mount', '--make-shared', source);
      const options = ['rbind', 'rslave'];
      box.patch({ '/mounts/-': { destination: '/mnt', type: 'none', source, options } });
      await box.started('echo up; while ! [ -e /mnt/later/file ]; do sleep 0.05; done; echo seen');
      await box.printed(/up/);
      box.hostMount('-t', 'tmpfs', 'tmpfs', join(source, 'later'));
      box.hostCommand('touch', join(source, 'later/file'));
      await box.printed(/seen/);
    },
  },
];
