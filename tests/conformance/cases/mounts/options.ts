// config.md, the table of Linux mount options: each is set, undone, known.

import type { Case } from '../../harness/case.ts';
import { mountAt } from '../../harness/mountinfo.ts';

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

export const optionsCases: Case[] = [...shown, ...undone, ...silent];
