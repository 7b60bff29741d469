// config.md, recursive mount options: they reach the mounts below.

import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { mountAt, parseMounts } from '../../harness/mountinfo.ts';
import { nestedSource } from './sources.ts';

const SECTION = 'config.md#configLinuxMountOptions';

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

const lacks = (option: string): RegExp => new RegExp(`^(?!.*(^|,)${option}(,|$))r[ow]`);

export const recursiveCases: Case[] = [
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
