import { describe, expect, it } from 'vitest';
import { ociEntries, readOciName, type Change } from '../../src/overlayfs/index.ts';

describe('names in a layer', () => {
  it.each([
    ['passwd', { kind: 'file' }],
    ['.whatever', { kind: 'file' }],
    ['a.wh.b', { kind: 'file' }],
    ['.wh.passwd', { kind: 'whiteout', name: 'passwd' }],
    ['.wh...x', { kind: 'whiteout', name: '..x' }],
    ['.wh..wh..opq', { kind: 'opaque' }],
    ['.wh..wh.plnk', { kind: 'ignored' }],
  ])('%s', (name, meaning) => {
    expect(readOciName(name)).toEqual(meaning);
  });

  it.each(['.wh.', '.wh..', '.wh...', '.wh.a/b'])('%s would delete what is not its own', (name) => {
    expect(() => readOciName(name)).toThrow(/names nothing that can be deleted/);
  });
});

describe('changes as entries of a layer', () => {
  it('deletions become whiteouts beside the name', () => {
    const changes: Change[] = [
      { kind: 'delete', path: 'top' },
      { kind: 'delete', path: 'etc/motd' },
    ];
    expect([...ociEntries(changes)]).toEqual([
      { kind: 'whiteout', path: '.wh.top' },
      { kind: 'whiteout', path: 'etc/.wh.motd' },
    ]);
  });

  it('an opaque directory is marked before its contents come', () => {
    const directory: Change = { kind: 'modify', path: 'var/cache', opaque: true };
    const file: Change = { kind: 'add', path: 'var/cache/a' };
    expect([...ociEntries([directory, file])]).toEqual([
      { kind: 'content', path: 'var/cache', change: directory },
      { kind: 'whiteout', path: 'var/cache/.wh..wh..opq' },
      { kind: 'content', path: 'var/cache/a', change: file },
    ]);
  });

  it.each(['.wh.x', 'a/.wh..wh..opq'])('a file named %s cannot be said', (path) => {
    expect(() => [...ociEntries([{ kind: 'add', path }])]).toThrow(/rename it/);
  });
});
