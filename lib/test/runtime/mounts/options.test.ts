/** Mount options sorted by who takes them (config.md, "Mounts"). */
import { describe, expect, test } from 'vitest';
import { MOUNT_OPTION_NAMES, parseMountOptions } from '../../../src/runtime/index.ts';
import {
  MOUNT_ATTR__ATIME,
  MOUNT_ATTR_NOATIME,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_RDONLY,
  MOUNT_ATTR_STRICTATIME,
  MS_PRIVATE,
  MS_SLAVE,
} from '../../../src/sys/index.ts';

const NOTHING = { set: 0, clear: 0 };

test('no options change nothing', () => {
  expect(parseMountOptions([])).toEqual({
    bind: undefined,
    attributes: NOTHING,
    recursive: NOTHING,
    propagation: [],
    parameters: [],
    copyUp: false,
    idmap: undefined,
  });
});

describe('attributes of the mount', () => {
  test('are added up', () => {
    const { attributes } = parseMountOptions(['nosuid', 'nodev', 'noexec', 'ro']);
    const set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_RDONLY;
    expect(attributes).toEqual({ set, clear: 0 });
  });

  test.each([
    { options: ['ro', 'rw'], set: 0, clear: MOUNT_ATTR_RDONLY },
    { options: ['rw', 'ro'], set: MOUNT_ATTR_RDONLY, clear: 0 },
    { options: ['noexec', 'exec'], set: 0, clear: MOUNT_ATTR_NOEXEC },
  ])('of $options the later wins', ({ options, set, clear }) => {
    expect(parseMountOptions(options).attributes).toEqual({ set, clear });
  });

  test('the atime modes are one field: choosing one clears the others', () => {
    const { attributes } = parseMountOptions(['noatime', 'strictatime']);
    expect(attributes).toEqual({ set: MOUNT_ATTR_STRICTATIME, clear: MOUNT_ATTR__ATIME });
    expect(parseMountOptions(['noatime']).attributes.set).toBe(MOUNT_ATTR_NOATIME);
  });

  test('with an r before it an option is for all mounts below, and for those alone', () => {
    const { attributes, recursive } = parseMountOptions(['rro', 'rnosuid']);
    expect(attributes).toEqual(NOTHING);
    expect(recursive).toEqual({ set: MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, clear: 0 });
  });

  test('relatime is no recursive form of anything', () => {
    expect(parseMountOptions(['relatime']).recursive).toEqual(NOTHING);
  });
});

describe('propagation', () => {
  test('keeps its order, each for the mount or with all below', () => {
    expect(parseMountOptions(['rslave', 'private']).propagation).toEqual([
      { type: MS_SLAVE, recursive: true },
      { type: MS_PRIVATE, recursive: false },
    ]);
  });
});

describe('binds', () => {
  test.each([
    { options: ['bind'], type: undefined, bind: 'bind' },
    { options: ['rbind'], type: undefined, bind: 'rbind' },
    { options: [], type: 'bind', bind: 'bind' },
    { options: ['rbind'], type: 'bind', bind: 'rbind' },
    { options: ['bind'], type: 'none', bind: 'bind' },
    { options: ['ro'], type: 'tmpfs', bind: undefined },
  ])('$options with type $type: $bind', ({ options, type, bind }) => {
    expect(parseMountOptions(options, type).bind).toBe(bind);
  });

  test('ids are mapped for the mount, or with all below', () => {
    expect(parseMountOptions(['bind', 'idmap']).idmap).toBe('idmap');
    expect(parseMountOptions(['rbind', 'ridmap']).idmap).toBe('ridmap');
  });
});

describe('what is left is for the filesystem', () => {
  test('with a value or as a flag; a second = belongs to the value', () => {
    expect(parseMountOptions(['size=64m', 'noswap', 'x=a=b']).parameters).toEqual([
      { key: 'size', value: '64m' },
      { key: 'noswap' },
      { key: 'x', value: 'a=b' },
    ]);
  });

  test('superblock flags go there too; what is so by default does not', () => {
    expect(parseMountOptions(['sync', 'defaults']).parameters).toEqual([{ key: 'sync' }]);
  });

  test('one that is taken back is gone, however often it was asked for; a later one stays', () => {
    const { parameters } = parseMountOptions(['sync', 'size=1', 'sync', 'async', 'mand', 'async']);
    expect(parameters).toEqual([{ key: 'size', value: '1' }, { key: 'mand' }]);
    expect(parseMountOptions(['async', 'sync']).parameters).toEqual([{ key: 'sync' }]);
  });

  test('tmpcopyup is ours', () => {
    const { copyUp, parameters } = parseMountOptions(['tmpcopyup', 'mode=755']);
    expect(copyUp).toBe(true);
    expect(parameters).toEqual([{ key: 'mode', value: '755' }]);
  });
});

test('no name that is understood is passed on to the filesystem, superblock flags aside', () => {
  const passedOn = MOUNT_OPTION_NAMES.filter(
    (name) => parseMountOptions([name]).parameters.length > 0,
  );
  expect(passedOn).toEqual(['dirsync', 'lazytime', 'mand', 'sync']);
});
