import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSnapshotter,
  GID_MAPPING_LABEL,
  mountOverlay,
  mountSnapshot,
  openUserNamespace,
  overlayDriver,
  planOverlay,
  UID_MAPPING_LABEL,
  unmount,
} from '../../src/overlayfs/index.ts';
import { hasLowerdirPlus } from './features.ts';
import { mountsBelow, Scratch, sh } from './scratch.ts';

let scratch: Scratch;

beforeEach(() => {
  scratch = new Scratch();
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

const MAPPING = [{ containerID: 0, hostID: 100_000, size: 65_536 }];

describe('a user namespace for a mapping', () => {
  it('has that mapping, and no process', () => {
    using namespace = openUserNamespace(MAPPING, MAPPING);
    const inside = `nsenter --user=/proc/${process.pid}/fd/${namespace.fd} cat /proc/self/uid_map`;
    expect(sh(inside, '/').trim().split(/ +/)).toEqual(['0', '100000', '65536']);
  });

  it('needs a mapping that the kernel takes', () => {
    expect(() => openUserNamespace([{ containerID: 0, hostID: 0, size: 0 }], MAPPING)).toThrow(
      /takes no mapping "0 0 0" in .*uid_map: sizes must be above 0/,
    );
  });
});

const INTERFACES = [
  { api: 'new', missing: hasLowerdirPlus ? '' : ' (skipped: this kernel has no lowerdir+)' },
  { api: 'classic', missing: '' },
] as const;

describe.each(INTERFACES)('idmapped lower layers, $api interface$missing', ({ api, missing }) => {
  beforeEach(({ skip }) => skip(missing !== ''));

  it('show other owners, and take none of their own', () => {
    const lower = ['l2', 'l1'].map((name) => scratch.directory(name, { [`${name}-file`]: 'x' }));
    sh('chown 5:6 l1-file', lower[1] ?? '');
    const upper = scratch.directory('c/upper');
    const merged = scratch.directory('merged');
    using namespace = openUserNamespace(MAPPING, MAPPING);
    const before = temporary();
    const spec = { lower, upper, work: scratch.directory('c/work'), lowerIdmapFd: namespace.fd };
    mountOverlay(planOverlay(spec), merged, { api });

    expect(sh('stat -c "%n %u:%g" *', merged)).toBe('l1-file 100005:100006\nl2-file 100000:100000');
    expect(sh('stat -c %u:%g l1-file', lower[1] ?? '')).toBe('5:6');
    // A copy goes up with the owner that was seen.
    sh('echo y >> l1-file', merged);
    expect(sh('stat -c %u:%g l1-file', upper)).toBe('100005:100006');
    expect(temporary()).toEqual(before);
    expect(mountsBelow(scratch.root).map(({ mountPoint }) => mountPoint)).toEqual([merged]);
  });

  it('that cannot be mapped are refused, and nothing is left', () => {
    const below = scratch.directory('below');
    const [l1, l2] = [scratch.directory('l1'), scratch.directory('l2')];
    mountOverlay(planOverlay({ lower: [l1, l2] }), below);
    using namespace = openUserNamespace(MAPPING, MAPPING);
    const before = temporary();
    const spec = {
      lower: [scratch.directory('l3'), below],
      upper: scratch.directory('c/upper'),
      work: scratch.directory('c/work'),
      lowerIdmapFd: namespace.fd,
    };
    const merged = scratch.directory('merged');
    expect(() => mountOverlay(planOverlay(spec), merged, { api })).toThrow(
      expect.objectContaining({
        code: 'OVERLAY_BAD_LAYER',
        path: below,
        message: expect.stringMatching(/cannot be idmapped: its filesystem must support/) as string,
      }),
    );
    expect(temporary()).toEqual(before);
    expect(mountsBelow(merged)).toEqual([]);
  });
});

describe('a snapshot with containerd’s mapping labels', () => {
  it('belongs to the container’s root, without a copy of its parent', async () => {
    using snapshots = createSnapshotter(scratch.directory('store'), overlayDriver());
    const merged = scratch.directory('merged');
    mountSnapshot(await snapshots.prepare('making'), merged);
    sh('echo x > file; echo y > other; chown 7:7 other', merged);
    unmount(merged);
    await snapshots.commit('image', 'making');

    const labels = { [UID_MAPPING_LABEL]: '0:100000:65536', [GID_MAPPING_LABEL]: '0:200000:65536' };
    const mounts = await snapshots.prepare('a', 'image', { labels });
    expect(mounts[0]?.options).toEqual(
      expect.arrayContaining(['uidmap=0:100000:65536', 'gidmap=0:200000:65536']),
    );
    mountSnapshot(mounts, merged);
    expect(sh('stat -c "%n %u:%g" . file other', merged)).toBe(
      '. 100000:200000\nfile 100000:200000\nother 100007:200007',
    );
    const view = await snapshots.view('v', 'image', { labels });
    const place = scratch.directory('view');
    mountSnapshot(view, place);
    expect(sh('stat -c "%n %u:%g" . other', place)).toBe('. 100000:200000\nother 100007:200007');
  });

  it('that is no mapping is refused', async () => {
    using snapshots = createSnapshotter(scratch.directory('store'), overlayDriver());
    const labels = { [UID_MAPPING_LABEL]: '0:x:1', [GID_MAPPING_LABEL]: '0:1:1' };
    await expect(snapshots.prepare('a', undefined, { labels })).rejects.toThrow(
      /"0:x:1" is no id mapping: write CONTAINER:HOST:SIZE/,
    );
    expect(readdirSync(path.join(scratch.root, 'store/layers'))).toEqual([]);
  });
});

function temporary(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('coracle-idmap-'));
}
