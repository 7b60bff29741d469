import { describe, expect, it } from 'vitest';
import { escapePath, planOverlay, splitEscaped, unescapePath } from '../../src/overlayfs/index.ts';
import { MOUNT_ATTR_RDONLY } from '../../src/sys/index.ts';

const three = { lower: ['/l/3', '/l/2', '/l/1'], upper: '/c/upper', work: '/c/work' };

/** `count` layers whose paths are `length` characters long. */
function layers(count: number, length: number): string[] {
  return Array.from({ length: count }, (_, index) => `/layers/${index}/`.padEnd(length, 'x'));
}

describe('the option string of mount(2)', () => {
  it('names the topmost layer first, and fixes index and metacopy', () => {
    expect(planOverlay(three).classic).toEqual({
      options: 'lowerdir=/l/3:/l/2:/l/1,upperdir=/c/upper,workdir=/c/work,index=off,metacopy=off',
    });
  });

  it('has neither upper nor work when read-only', () => {
    const { options } = planOverlay({ lower: ['/l/2', '/l/1'] }).classic;
    expect(options).toBe('lowerdir=/l/2:/l/1,index=off,metacopy=off');
  });

  it('says every feature by its kernel name', () => {
    const { options } = planOverlay({
      ...three,
      index: 'on',
      redirectDir: 'follow',
      xino: 'auto',
      userxattr: true,
      volatile: true,
    }).classic;
    expect(options).toMatch(
      /,index=on,metacopy=off,redirect_dir=follow,xino=auto,userxattr,volatile$/,
    );
  });

  it('protects separators and backslashes in every path', () => {
    const { options } = planOverlay({
      lower: ['/a,b', '/c:d', String.raw`/e\f`],
      upper: '/u,1',
      work: '/w:2',
    }).classic;
    expect(options).toBe(
      String.raw`lowerdir=/a\,b:/c\:d:/e\\f,upperdir=/u\,1,workdir=/w\:2,index=off,metacopy=off`,
    );
  });
});

describe('many layers in one page', () => {
  it('are absolute as long as they fit', () => {
    const { classic } = planOverlay({ ...three, lower: layers(40, 50) });
    expect(classic).not.toHaveProperty('cwd');
    expect(classic.options).toContain('lowerdir=/layers/0/');
  });

  it('are then relative to what they have in common', () => {
    const lower = Array.from({ length: 200 }, (_, index) => `/var/lib/snapshots/${index}/fs`);
    const { classic } = planOverlay({ ...three, lower });
    expect(classic.cwd).toBe('/var/lib/snapshots');
    expect(classic.options).toMatch(/^lowerdir=0\/fs:1\/fs:2\/fs:.*:199\/fs,upperdir=\/c\/upper,/);
  });

  it('are then symlinks, which fit five hundred times', () => {
    const lower = layers(500, 200);
    const { classic } = planOverlay({ ...three, lower });
    expect(classic.options).toMatch(/^lowerdir=0:1:2:.*:499,upperdir=\/c\/upper,/);
    expect(Buffer.byteLength(classic.options)).toBeLessThan(4096);
    expect(classic.links).toHaveLength(500);
    expect(classic.links?.[7]).toEqual({ name: '7', target: lower[7] });
  });

  it('fit exactly: the page holds the final NUL too', () => {
    const { options } = planOverlay(three).classic;
    const page = Buffer.byteLength(options) + 1;
    expect(planOverlay(three, page).classic).not.toHaveProperty('cwd');
    expect(planOverlay(three, page - 1).classic).toHaveProperty('cwd', '/l');
  });

  it('are refused when upper and work alone fill the page', () => {
    const upper = `/${'u'.repeat(4096)}`;
    expect(() => planOverlay({ ...three, upper })).toThrow(
      /do not fit into mount\(2\)'s 4096 bytes: use shorter paths/,
    );
  });
});

describe('the parameters of fsconfig(2)', () => {
  it('are one lowerdir+ for each layer, taken literally, and an escaped upper and work', () => {
    const spec = { lower: ['/a,b', '/c:d'], upper: '/u,1', work: '/w:2', userxattr: true };
    expect(planOverlay(spec).parameters).toEqual([
      { key: 'source', value: 'overlay' },
      { key: 'lowerdir+', value: '/a,b', layer: '/a,b' },
      { key: 'lowerdir+', value: '/c:d', layer: '/c:d' },
      { key: 'upperdir', value: String.raw`/u\,1`, layer: '/u,1' },
      { key: 'workdir', value: String.raw`/w\:2`, layer: '/w:2' },
      { key: 'index', value: 'off' },
      { key: 'metacopy', value: 'off' },
      { key: 'userxattr' },
    ]);
  });

  it('leave what is the mount’s, not the filesystem’s, to fsmount(2)', () => {
    const plan = planOverlay({ ...three, attributes: MOUNT_ATTR_RDONLY });
    expect(plan.attributes).toBe(MOUNT_ATTR_RDONLY);
    expect(plan.parameters.map(({ key }) => key)).not.toContain('ro');
  });
});

describe('what makes no overlay is refused with a reason', () => {
  it.each([
    ['no layers', { lower: [] }, 'lowerdir', /needs a lower layer: bind mount upper/],
    ['one layer alone', { lower: ['/l'] }, 'lowerdir', /one lower layer alone is no overlay/],
    ['upper without work', { lower: ['/l'], upper: '/u' }, 'workdir', /upperdir without workdir/],
    ['work without upper', { lower: ['/l'], work: '/w' }, 'upperdir', /workdir without upperdir/],
    [
      'a relative path',
      { ...three, upper: 'c/upper' },
      'upperdir',
      /must be an absolute path without NUL, not "c\/upper"/,
    ],
    ['a NUL', { lower: ['/l\0x', '/m'] }, 'lowerdir', /without NUL/],
    ['a layer twice', { lower: ['/l', '/m', '/l'] }, 'lowerdir', /\/l is a lower layer twice/],
    ['upper as lower', { ...three, upper: '/l/2' }, 'upperdir', /\/l\/2 is upperdir and another/],
    ['work as upper', { ...three, work: '/c/upper' }, 'workdir', /\/c\/upper is workdir and/],
    [
      'userxattr with redirect_dir',
      { ...three, userxattr: true, redirectDir: 'on' as const },
      'redirect_dir',
      /no redirect_dir=on marks in user\.overlay/,
    ],
    [
      'userxattr with metacopy',
      { ...three, userxattr: true, metacopy: 'on' as const },
      'metacopy',
      /leave userxattr or metacopy out/,
    ],
  ])('%s', (_what, spec, option, message) => {
    expect(() => planOverlay(spec)).toThrow(
      expect.objectContaining({
        code: 'OVERLAY_BAD_REQUEST',
        option,
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  it('501 layers, but not 500', () => {
    expect(() => planOverlay({ ...three, lower: layers(500, 30) })).not.toThrow();
    expect(() => planOverlay({ ...three, lower: layers(501, 30) })).toThrow(
      expect.objectContaining({
        code: 'OVERLAY_TOO_MANY_LAYERS',
        message: expect.stringContaining(
          "501 lower layers are more than the kernel's 500",
        ) as string,
      }),
    );
  });
});

describe('escaping', () => {
  const odd = ['/plain', '/a,b:c', String.raw`/\,\:\\`, '/tail\\', '/:', '/ü,\n:'];

  it.each(odd)('of %j comes back the same', (path) => {
    expect(unescapePath(escapePath(path))).toBe(path);
  });

  it('keeps joined paths apart', () => {
    const parts = splitEscaped(odd.map(escapePath).join(':'), ':');
    expect(parts.map(unescapePath)).toEqual(odd);
  });
});
