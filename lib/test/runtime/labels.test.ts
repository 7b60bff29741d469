import { describe, expect, test } from 'vitest';
import { explainProfile, profileNames, withLabelsOf } from '../../src/runtime/labels.ts';
import type { Process } from '../../src/oci/index.ts';

const bare: Process = { cwd: '/', user: { uid: 0, gid: 0 }, args: ['true'] };

describe('the list of loaded profiles', () => {
  test('names may hold spaces, parentheses and slashes; the mode behind them does not count', () => {
    const text = `docker-default (enforce)
/usr/bin/man (enforce)
man_groff//child (complain)
with space (and more) (kill)
`;
    expect([...profileNames(text)]).toEqual([
      'docker-default',
      '/usr/bin/man',
      'man_groff//child',
      'with space (and more)',
    ]);
  });

  test('an empty list has none', () => expect(profileNames('').size).toBe(0));
});

describe('a further process', () => {
  const own = { ...bare, apparmorProfile: 'container', selinuxLabel: 'c:t:l' };

  test.each([
    ['brings none', bare],
    ['brings an empty one', { ...bare, apparmorProfile: '', selinuxLabel: '' }],
  ])('that %s has the container’s labels', (_, process) => {
    expect(withLabelsOf(own, process)).toEqual({ ...process, ...own });
  });

  test('that brings its own keeps them', () => {
    const process = { ...bare, apparmorProfile: 'other', selinuxLabel: 'o' };
    expect(withLabelsOf(own, process)).toEqual(process);
  });

  test('of a container without labels has none', () => {
    expect(withLabelsOf(bare, bare)).toEqual(bare);
    expect(withLabelsOf(undefined, bare)).toEqual(bare);
  });
});

describe('a refused profile is explained', () => {
  test.each([
    ['ENOENT', /"p" is not loaded.*apparmor_parser -r FILE/],
    ['EACCES', /"p" .*confined.*change_profile/],
    ['EPERM', /"p" .*confined.*change_profile/],
    ['EINVAL', /"p" .*EINVAL.*spelled/],
  ])('%s', (errno, text) => expect(explainProfile('p', errno)).toMatch(text));
});
