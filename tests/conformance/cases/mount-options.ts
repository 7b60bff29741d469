// config.md, the table of Linux mount options: each option is set, undone, and reaches what it should.

import { join } from 'node:path';
import type { Case } from '../harness/case.ts';
import { mountAt, parseMounts } from '../harness/mountinfo.ts';
import { nestedSource } from './mounts.ts';

const SECTION = 'config.md#configLinuxMountOptions';

function tmpfs(...options: string[]): object {
  return { destination: '/mnt', type: 'tmpfs', source: 'tmpfs', options };
}

/** Options whose effect shows under the same name, of the mount or of its filesystem. */
const shown: Case[] = [
  'nosuid',
  'nodev',
  'noexec',
  'noatime',
  'nodiratime',
  'relatime',
  'ro',
  'sync',
  'dirsync',
  'lazytime',
  'nosymfollow',
].map((option) => {
  const since = option === 'nosymfollow' ? { since: '1.1' as const } : {};
  return {
    section: SECTION,
    title: `${option} is set`,
    ...since,
    config: { '/mounts/-': tmpfs(option) },
    steps: async (box) => {
      const mount = await mountAt(box, '/mnt');
      const all = [...mount.options, ...mount.superOptions];
      box.that(all.includes(option), `the mount has ${option}`, all);
    },
  };
});

/** `after` comes last and undoes `before`. */
const undone: Case[] = [
  ['nosuid', 'suid'],
  ['nodev', 'dev'],
  ['noexec', 'exec'],
  ['noatime', 'atime'],
  ['nodiratime', 'diratime'],
  ['ro', 'rw'],
  ['sync', 'async'],
  ['lazytime', 'nolazytime'],
].map(([before = '', after = '']) => ({
  section: SECTION,
  title: `${after} undoes ${before}`,
  config: { '/mounts/-': tmpfs(before, after) },
  steps: async (box) => {
    const mount = await mountAt(box, '/mnt');
    const all = [...mount.options, ...mount.superOptions];
    box.that(!all.includes(before), `the mount has no ${before}`, all);
  },
}));

const silent: Case[] = [
  {
    section: SECTION,
    title: 'strictatime is neither relatime nor noatime',
    config: { '/mounts/-': tmpfs('strictatime') },
    steps: async (box) => {
      const { options } = await mountAt(box, '/mnt');
      box.that(!options.some((one) => /^(rel|no)atime$/.test(one)), 'strictatime', options);
    },
  },
  ...['defaults', 'loud', 'silent', 'iversion', 'noiversion', 'norelatime', 'nostrictatime'].map(
    (option): Case => {
      return {
        section: SECTION,
        title: `${option} is known and not passed to the filesystem`,
        config: { '/mounts/-': tmpfs(option) },
        steps: async (box) => box.equal((await mountAt(box, '/mnt')).type, 'tmpfs', 'type'),
      };
    },
  ),
];

/** Source with one mount below it, bound by rbind with `options` at /mnt. */
function recursive(title: string, options: string[], top: RegExp, below: RegExp): Case {
  return {
    section: SECTION,
    title,
    since: '1.1',
    config: (box) => ({
      '/mounts/-': {
        destination: '/mnt',
        type: 'none',
        source: nestedSource(box),
        options: ['rbind', ...options],
      },
    }),
    steps: async (box) => {
      const result = await box.run('cat /proc/self/mountinfo');
      box.succeeded(result, 'the container runs');
      const seen = (path: string): string =>
        parseMounts(result.out)
          .find(({ destination }) => destination === path)
          ?.options.join(',') ?? 'not mounted';
      box.match(seen('/mnt'), top, 'the mount');
      box.match(seen('/mnt/below'), below, 'the mount below');
    },
  };
}

const has = (option: string): RegExp => new RegExp(`(^|,)${option}(,|$)`);
const lacks = (option: string): RegExp => new RegExp(`^(?!.*(^|,)${option}(,|$)).*$`);

const recursiveOptions: Case[] = [
  recursive('rro makes the mounts below read-only too', ['rro'], has('ro'), has('ro')),
  recursive('ro with rbind stays with the top mount', ['ro'], has('ro'), has('rw')),
  ...['rnosuid', 'rnodev', 'rnoexec', 'rnoatime', 'rnodiratime', 'rnosymfollow'].map((option) => {
    const plain = option.slice(1);
    return recursive(`${option} reaches the mounts below`, [option], has(plain), has(plain));
  }),
  ...['rrw', 'rsuid', 'rdev', 'rexec', 'ratime', 'rdiratime', 'rsymfollow'].map(clears),
  recursive('rrelatime reaches the mounts below', ['rrelatime'], has('relatime'), has('relatime')),
  recursive(
    'rstrictatime reaches the mounts below',
    ['rstrictatime'],
    lacks('(rel|no)atime'),
    lacks('(rel|no)atime'),
  ),
];

/** The mount below the source has what `option` takes away, as `nosuid` for `rsuid`. */
function clears(option: string): Case {
  const taken = option === 'rrw' ? 'ro' : `no${option.slice(1)}`;
  return {
    section: SECTION,
    title: `${option} takes ${taken} away from the mounts below`,
    since: '1.1',
    steps: async (box) => {
      const source = nestedSource(box);
      box.hostCommand('mount', '-o', `remount,bind,${taken}`, join(source, 'below'));
      const options = ['rbind', option];
      box.patch({ '/mounts/-': { destination: '/mnt', type: 'none', source, options } });
      const below = await mountAt(box, '/mnt/below');
      box.match(below.options.join(','), lacks(taken), 'the mount below');
    },
  };
}

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

const propagations: Case[] = [
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

export const mountOptionsCases: Case[] = [
  ...shown,
  ...undone,
  ...silent,
  ...recursiveOptions,
  ...propagations,
];
