import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  appendOverlay,
  mountOverlay,
  openOverlay,
  planOverlay,
  unmount,
  type OverlaySpec,
} from '../../src/overlayfs/index.ts';
import {
  attachMount,
  Descriptor,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_RDONLY,
  moveMount,
  openInRoot,
  O_PATH,
  socketpair,
  spawnProgram,
  SyscallProgram,
} from '../../src/sys/index.ts';
import { hasLowerdirPlus, hasMountLog } from './features.ts';
import { mountsBelow, Scratch, sh } from './scratch.ts';

let scratch: Scratch;
let merged: string;

beforeEach(() => {
  scratch = new Scratch();
  merged = scratch.directory('merged');
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

function writable(lower: readonly string[]): OverlaySpec {
  return { lower, upper: scratch.directory('c/upper'), work: scratch.directory('c/work') };
}

/** Layers that each hold a file of their own and, the first three, one of the same name. */
function stack(count: number, name: (index: number) => string = (index) => `l/${index}`): string[] {
  return Array.from({ length: count }, (_, index) =>
    scratch.directory(name(index), {
      [`own-${index}`]: `${index}`,
      ...(index < 3 && { shared: `from ${index}` }),
    }),
  );
}

const INTERFACES = [
  { api: 'new', missing: hasLowerdirPlus ? '' : ' (skipped: this kernel has no lowerdir+)' },
  { api: 'classic', missing: '' },
] as const;

describe.each(INTERFACES)('through the $api interface$missing', ({ api, missing }) => {
  beforeEach(({ skip }) => skip(missing !== ''));

  it('the topmost layer wins, and writing leaves all lower layers as they are', () => {
    const lower = stack(3);
    mountOverlay(planOverlay(writable(lower)), merged, { api });

    expect(readdirSync(merged)).toEqual(['own-0', 'own-1', 'own-2', 'shared']);
    expect(readFileSync(path.join(merged, 'shared'), 'utf8')).toBe('from 0');
    sh('echo changed > own-2; rm own-1', merged);
    expect(lower.map((layer) => sh('cat own-* shared', layer))).toEqual([
      '0from 0',
      '1from 1',
      '2from 2',
    ]);
    expect(sh('cat own-2; stat -c "%F %t:%T" own-1', path.join(scratch.root, 'c/upper'))).toBe(
      'changed\ncharacter special file 0:0',
    );
  });

  // As an option string: relative paths, links.
  it.each([40, 500])('%d layers with long names are all there', (count) => {
    const lower = stack(count, (index) => `layers/sha256-${'0123456789abcdef'.repeat(3)}-${index}`);
    mountOverlay(planOverlay(writable(lower)), merged, { api });
    expect(readdirSync(merged)).toHaveLength(count + 1);
    expect(readFileSync(path.join(merged, `own-${count - 1}`), 'utf8')).toBe(`${count - 1}`);
    expect(readFileSync(path.join(merged, 'shared'), 'utf8')).toBe('from 0');
  });

  it('names with every separator reach the kernel whole', () => {
    const lower = stack(2, (index) => String.raw`odd ,:\ ü` + `\n${index}`);
    const spec = {
      lower,
      upper: scratch.directory(String.raw`c,:\ /up,:\ `),
      work: scratch.directory(String.raw`c,:\ /wo,:\ `),
    };
    mountOverlay(planOverlay(spec), merged, { api });
    writeFileSync(path.join(merged, 'new'), 'written');
    expect(readdirSync(merged)).toEqual(['new', 'own-0', 'own-1', 'shared']);
    expect(readFileSync(path.join(spec.upper, 'new'), 'utf8')).toBe('written');
  });

  it('paths longer than fsconfig(2) takes as text work', () => {
    const deep = `${'d'.repeat(200)}/${'e'.repeat(200)}`;
    const lower = stack(2, (index) => `${deep}/${index}`);
    const spec = {
      lower,
      upper: scratch.directory(`${deep}/upper`),
      work: scratch.directory(`${deep}/work`),
    };
    mountOverlay(planOverlay(spec), merged, { api });
    writeFileSync(path.join(merged, 'new'), '');
    expect(readdirSync(spec.upper)).toEqual(['new']);
    expect(readdirSync(merged)).toEqual(['new', 'own-0', 'own-1', 'shared']);
  });

  it('attributes are those of the mount', () => {
    const spec = { ...writable(stack(1)), attributes: MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC };
    mountOverlay(planOverlay(spec), merged, { api });
    expect(mountsBelow(merged)[0]?.attributes).toMatch(/^ro,noexec/);
    expect(() => writeFileSync(path.join(merged, 'x'), '')).toThrow(/EROFS/);
  });

  it('without upper it is read-only', () => {
    mountOverlay(planOverlay({ lower: stack(2) }), merged, { api });
    expect(() => writeFileSync(path.join(merged, 'x'), '')).toThrow(/EROFS/);
  });

  it('leaves nothing in the directory for temporary files', () => {
    const ours = (): string[] =>
      readdirSync(tmpdir()).filter((n) => n.startsWith('coracle-layers-'));
    const before = ours();
    mountOverlay(planOverlay(writable(stack(60, (i) => `l/${'x'.repeat(80)}${i}`))), merged, {
      api,
    });
    expect(ours()).toEqual(before);
  });

  describe('a refusal names its reason', () => {
    const attempt = (spec: OverlaySpec): (() => void) => {
      return () => mountOverlay(planOverlay(spec), merged, { api });
    };

    it('a lower layer that is not there', () => {
      const spec = writable([scratch.directory('l'), path.join(scratch.root, 'gone')]);
      expect(attempt(spec)).toThrow(
        expect.objectContaining({
          code: 'OVERLAY_BAD_LAYER',
          option: 'lowerdir',
          path: path.join(scratch.root, 'gone'),
          errno: 2,
          message: expect.stringMatching(/gone does not exist: make or unpack it first$/) as string,
        }),
      );
    });

    it('a lower layer that is a file', () => {
      const spec = writable([path.join(scratch.directory('l', { file: '' }), 'file')]);
      expect(attempt(spec)).toThrow(/lowerdir .*\/file is not a directory/);
    });

    it('work on another filesystem than upper', () => {
      using elsewhere = new Scratch('/dev/shm');
      const spec = { ...writable(stack(1)), work: elsewhere.directory('work') };
      expect(attempt(spec)).toThrow(
        expect.objectContaining({
          code: 'OVERLAY_UPPER_REFUSED',
          option: 'workdir',
          message: expect.stringContaining('must be on the same filesystem as upperdir') as string,
        }),
      );
    });

    it('work inside upper', () => {
      const spec = { ...writable(stack(1)), work: scratch.directory('c/upper/work') };
      expect(attempt(spec)).toThrow(/must not lie inside each other/);
    });

    it('a layer inside another', () => {
      expect(attempt(writable([scratch.directory('l'), scratch.directory('l/sub')]))).toThrow(
        /a layer lies inside another of these/,
      );
    });

    it('upper on an overlay', () => {
      const below = scratch.directory('below');
      mountOverlay(planOverlay(writable(stack(1))), below);
      const spec = {
        lower: [scratch.directory('other')],
        upper: scratch.directory('below/upper'),
        work: scratch.directory('below/work'),
      };
      expect(attempt(spec)).toThrow(
        expect.objectContaining({
          code: 'OVERLAY_UPPER_REFUSED',
          message: expect.stringMatching(
            /upperdir .*below\/upper is an overlay itself.*native snapshotter/,
          ) as string,
        }),
      );
    });

    it('an upper that another overlay writes to, under whatever name', () => {
      const spec = writable(stack(1));
      mountOverlay(planOverlay(spec), scratch.directory('first'));
      sh('ln -s c alias', scratch.root);
      const alias = path.join(scratch.root, 'alias/upper');
      for (const upper of [spec.upper ?? '', alias]) {
        expect(attempt({ ...spec, upper, work: scratch.directory('c/work2') })).toThrow(
          expect.objectContaining({
            code: 'OVERLAY_IN_USE',
            path: upper,
            message: expect.stringContaining(`${scratch.root}/first`) as string,
          }),
        );
      }
      expect(mountsBelow(merged)).toEqual([]);
    });

    it('a target that is not there', () => {
      const plan = planOverlay(writable(stack(1)));
      expect(() => mountOverlay(plan, path.join(scratch.root, 'nowhere'), { api })).toThrow(
        /nowhere.*make that directory first/,
      );
    });

    it('a work directory that the kernel cannot use, where it would mount read-only', () => {
      // overlayfs makes work/work; something that cannot be removed is in its place.
      const spec = writable(stack(1));
      mkdirSync(path.join(spec.work ?? '', 'work/busy'), { recursive: true });
      sh('mount -t tmpfs none work/work/busy', path.dirname(spec.work ?? ''));
      expect(attempt(spec)).toThrow(/could make the overlay only read-only/);
      expect(mountsBelow(merged)).toEqual([]);
    });
  });
});

describe('which interface', () => {
  it('is found out: the new one where the kernel has it, and else the classic', () => {
    mountOverlay(planOverlay(writable(stack(2))), merged);
    expect(readdirSync(merged)).toEqual(['own-0', 'own-1', 'shared']);
    const { options = '' } = mountsBelow(merged)[0] ?? {};
    // The kernel shows a layer as it was given.
    expect(options.includes('lowerdir+=')).toBe(hasLowerdirPlus);
  });

  it.skipIf(hasLowerdirPlus)('“new” is refused where the kernel has no lowerdir+', () => {
    const plan = planOverlay(writable(stack(2)));
    expect(() => mountOverlay(plan, merged, { api: 'new' })).toThrow(
      expect.objectContaining({
        code: 'OVERLAY_UNAVAILABLE',
        message: expect.stringMatching(
          /mountOverlay, which then uses mount\(2\), or use Linux/,
        ) as string,
      }),
    );
    expect(mountsBelow(merged)).toEqual([]);
  });
});

describe('the kernel’s own words', () => {
  const refusal = (): { file: string; error: unknown } => {
    const file = path.join(scratch.directory('l', { file: '' }), 'file');
    return { file, error: thrownBy(() => mountOverlay(planOverlay(writable([file])), merged)) };
  };

  it.runIf(hasLowerdirPlus && hasMountLog)('are read from the filesystem context', () => {
    const { file, error } = refusal();
    expect(error).toMatchObject({ kernelLog: [`overlay: ${file} is not a directory`] });
    expect(String(error)).toContain('(the kernel says: overlay: ');
  });

  it.skipIf(hasMountLog)('are only in dmesg where overlayfs takes an option string', () => {
    const { file, error } = refusal();
    expect(error).toMatchObject({ kernelLog: [], path: file });
  });
});

describe('an overlay without a place', () => {
  it('lives in its descriptor, in no mount table', () => {
    using mount = openOverlay(planOverlay(writable(stack(2))));
    expect(readdirSync(`/proc/self/fd/${mount.fd}`)).toEqual(['own-0', 'own-1', 'shared']);
    expect(mountsBelow(scratch.root)).toEqual([]);
  });

  it('is gone with its descriptor, and leaves nothing in the directory for temporary files', () => {
    const ours = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith('coracle-overlay-'));
    const before = ours();
    openOverlay(planOverlay(writable(stack(2)))).close();
    expect(ours()).toEqual(before);
  });

  it('is attached where it is wanted, with its attributes', () => {
    const spec = { ...writable(stack(1)), attributes: MOUNT_ATTR_NOEXEC };
    using mount = openOverlay(planOverlay(spec));
    moveMount(mount.fd, merged);
    expect(mountsBelow(merged)).toHaveLength(1);
    expect(mountsBelow(merged)[0]?.attributes).toMatch(/noexec/);
  });

  it.runIf(hasLowerdirPlus)('made by a program appears where the program puts it', () => {
    const program = new SyscallProgram();
    using place = new Descriptor(openSync(merged, 'r'));
    const mount = appendOverlay(program, planOverlay(writable(stack(2))));
    const target = openInRoot(program, place.fd, '.', O_PATH);
    attachMount(program, mount, target);
    program.call('exit_group', [0]);
    const [control, childControl] = socketpair();
    using child = spawnProgram(program, { control, childControl, keep: [place.fd], name: 'test' });
    expect(child.receive()).toBeUndefined();
    expect(child.wait()).toEqual({ code: 0 });
    expect(mountsBelow(merged).map(({ type }) => type)).toEqual(['overlay']);
    expect(readdirSync(merged)).toEqual(['own-0', 'own-1', 'shared']);
  });
});

describe('unmounting', () => {
  it('tells whether there was anything', () => {
    mountOverlay(planOverlay(writable(stack(1))), merged);
    expect(unmount(merged)).toBe(true);
    expect(unmount(merged)).toBe(false);
    expect(mountsBelow(merged)).toEqual([]);
  });

  it('of a busy overlay says so, and lazily succeeds', () => {
    mountOverlay(planOverlay(writable(stack(1))), merged);
    using _busy = new Descriptor(openSync(path.join(merged, 'shared'), 'r'));
    expect(() => unmount(merged)).toThrow(/\(EBUSY\)\. Something has a file .* unmount with lazy/);
    expect(unmount(merged, { lazy: true })).toBe(true);
    expect(existsSync(path.join(merged, 'shared'))).toBe(false);
  });

  it('does not follow a symlink', () => {
    mountOverlay(planOverlay(writable(stack(1))), merged);
    sh('ln -s merged link', scratch.root);
    unmount(path.join(scratch.root, 'link'));
    expect(mountsBelow(merged)).toHaveLength(1);
  });
});

function thrownBy(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
