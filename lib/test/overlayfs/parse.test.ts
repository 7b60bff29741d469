import { describe, expect, it } from 'vitest';
import { parseOverlayOptions, planOverlay, type OverlaySpec } from '../../src/overlayfs/index.ts';
import { MOUNT_ATTR_NOSUID, MOUNT_ATTR_RDONLY } from '../../src/sys/index.ts';

describe('options of other programs', () => {
  it('read as containerd writes them', () => {
    const options = [
      'index=off',
      'userxattr',
      'workdir=/s/7/work',
      'upperdir=/s/7/fs',
      'lowerdir=/s/6/fs:/s/5/fs',
    ];
    expect(parseOverlayOptions(options)).toEqual({
      lower: ['/s/6/fs', '/s/5/fs'],
      upper: '/s/7/fs',
      work: '/s/7/work',
      index: 'off',
      userxattr: true,
    });
  });

  it('read as /proc/mounts shows them: one string, lowerdir+, mount attributes', () => {
    const text = 'ro,nosuid,lowerdir+=/a,lowerdir+=/c';
    expect(parseOverlayOptions([text])).toEqual({
      lower: ['/a', '/c'],
      attributes: MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID,
    });
  });

  it('are the inverse of planning', () => {
    const spec: OverlaySpec = {
      lower: ['/a,b', '/c:d', String.raw`/e\f`],
      upper: '/u,:',
      work: '/w',
      index: 'on',
      metacopy: 'off',
      redirectDir: 'nofollow',
      xino: 'auto',
      userxattr: true,
      volatile: true,
    };
    expect(parseOverlayOptions([planOverlay(spec).classic.options])).toEqual(spec);
  });

  it.each([
    ['upperdirr=/x', /option "upperdirr" is not known/],
    ['index=maybe', /index is one of on, off, not "maybe"/],
    ['redirect_dir=', /redirect_dir is one of on, off, follow, nofollow, not ""/],
  ])('that are wrong are refused: %s', (option, message) => {
    expect(() => parseOverlayOptions([option])).toThrow(message);
  });
});
