/** From linux.cgroupsPath to a unit: the rules that engines rely on. */
import { describe, expect, test } from 'vitest';
import { planUnitPlace } from '../../../src/cgroups/systemd/unit-place.ts';

const place = (path: string, user = false) => planUnitPlace(path, 'box', user);

describe('the three parts', () => {
  test.each([
    [
      'system.slice:docker:1234',
      'docker-1234.scope',
      'system.slice',
      '/system.slice/docker-1234.scope',
    ],
    [
      'kubepods-besteffort-pod1.slice:cri-containerd:1234',
      'cri-containerd-1234.scope',
      'kubepods-besteffort-pod1.slice',
      '/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1.slice/cri-containerd-1234.scope',
    ],
    ['-.slice:x:y', 'x-y.scope', '-.slice', '/x-y.scope'],
    ['-:x:y', 'x-y.scope', '-.slice', '/x-y.scope'],
    ['::y', '-y.scope', 'system.slice', '/system.slice/-y.scope'],
    [':libpod:y', 'libpod-y.scope', 'system.slice', '/system.slice/libpod-y.scope'],
  ])('%s is a scope in a slice', (path, unit, slice, directory) => {
    expect(place(path)).toEqual({ unit, slice, path: directory, kind: 'scope' });
  });

  test('a name that ends in .slice is a slice, whose place is in its name', () => {
    expect(place('user.slice:ignored:a-b.slice')).toEqual({
      unit: 'a-b.slice',
      slice: 'user.slice',
      path: '/a.slice/a-b.slice',
      kind: 'slice',
    });
  });
});

describe('no path', () => {
  test('is a scope of the container’s name in system.slice', () => {
    expect(place('')).toMatchObject({ unit: 'coracle-box.scope', slice: 'system.slice' });
  });

  test('for a user is in user.slice', () => {
    expect(place('', true)).toMatchObject({ unit: 'coracle-box.scope', slice: 'user.slice' });
  });
});

describe('what is refused, with the path, its place and what to write', () => {
  test.each(['/docker/1234', 'a.slice:b', 'a.slice:b:c:d', 'a.slice:b:'])('%s', (path) => {
    expect(() => place(path)).toThrow(/\/linux\/cgroupsPath: .*"slice:prefix:name"/);
  });

  test.each([
    'docker:x:y',
    'a/b.slice:x:y',
    'a--b.slice:x:y',
    '-a.slice:x:y',
    'a-.slice:x:y',
    '.slice:x:y',
    '../../x.slice:x:y',
  ])('%s has no slice', (path) => {
    expect(() => place(path)).toThrow(/no name of a slice/);
  });

  test.each(['a.slice:x:../y', 'a.slice:x:y z', `a.slice:x:${'y'.repeat(300)}`, 'a.slice:x:y\n'])(
    '%j has no unit',
    (path) => {
      expect(() => place(path)).toThrow(/no name for a unit/);
    },
  );

  test.each(['a.slice:x:-.slice', 'a.slice:x:b--c.slice'])('%s makes no slice', (path) => {
    expect(() => place(path)).toThrow(/no name of a slice/);
  });
});
