import { describe, expect, it } from 'vitest';
import { mountedUppers } from '../../src/overlayfs/mount/in-use.ts';

const line = (mountPoint: string, options: string): string =>
  `36 35 0:32 / ${mountPoint} rw,relatime shared:1 - overlay overlay ${options}\n`;

describe('upper directories in mountinfo', () => {
  it('are found with the place they are mounted at', () => {
    const text =
      '22 1 254:0 / / rw - ext4 /dev/vda rw\n' +
      line('/merged', 'rw,lowerdir=/a:/b,upperdir=/u,workdir=/w,index=off');
    expect(mountedUppers(text)).toEqual([
      { mountPoint: '/merged', path: '/u' },
      { mountPoint: '/merged', path: '/w' },
    ]);
  });

  it('are unescaped twice: as mountinfo, then as an overlay option', () => {
    const text = line(
      String.raw`/my\040place`,
      String.raw`rw,upperdir=/u\134\054\040x,lowerdir=/a`,
    );
    expect(mountedUppers(text)).toEqual([{ mountPoint: '/my place', path: '/u, x' }]);
  });

  it('are not those of read-only overlays or of other filesystems', () => {
    const text = `${line('/ro', 'ro,lowerdir=/a:/b')}40 1 0:5 / /x rw - tmpfs upperdir=/y rw\n`;
    expect(mountedUppers(text)).toEqual([]);
  });
});
