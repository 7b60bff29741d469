/** An image's config becomes a container's (conversion.md); its files are a stranger's. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imageSpec } from '../../src/image/index.ts';
import { validateConfig, type ImageConfig } from '../../src/oci/index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync('/tmp/coracle-spec-test-');
  mkdirSync(path.join(root, 'etc'));
});
afterEach(() => rmSync(root, { recursive: true }));

const image = (config: ImageConfig['config'] = { Cmd: ['sh'] }): ImageConfig => ({
  os: 'linux',
  architecture: 'amd64',
  created: '2026-01-01T00:00:00Z',
  config,
  rootfs: { type: 'layers', diff_ids: [] },
});

it('is a config that the runtime takes', () => {
  const spec = imageSpec(image(), root);
  expect(validateConfig(spec).errors).toEqual([]);
  expect(spec).toMatchObject({
    root: { path: 'rootfs', readonly: false },
    process: { args: ['sh'] },
  });
});

it('says of the image what conversion.md wants said', () => {
  const config = {
    Cmd: ['sh'],
    StopSignal: 'SIGQUIT',
    ExposedPorts: { '80/tcp': {}, '53/udp': {} },
  };
  const prefix = 'org.opencontainers.image';
  expect(imageSpec(image(config), root).annotations).toEqual({
    [`${prefix}.os`]: 'linux',
    [`${prefix}.architecture`]: 'amd64',
    [`${prefix}.created`]: '2026-01-01T00:00:00Z',
    [`${prefix}.stopSignal`]: 'SIGQUIT',
    [`${prefix}.exposedPorts`]: '80/tcp,53/udp',
  });
});

it('labels never become annotations, which are orders to a runtime', () => {
  const Labels = {
    'org.systemd.property.KillMode': '"none"',
    'run.oci.hooks.stderr': '/etc/passwd',
  };
  const { annotations = {} } = imageSpec(image({ Cmd: ['sh'], Labels }), root);
  for (const label of Object.keys(Labels)) expect(annotations).not.toHaveProperty([label]);
});

describe('a volume', () => {
  const mountsOf = (...places: string[]): unknown[] => {
    const Volumes = Object.fromEntries(places.map((place) => [place, {}]));
    const count = imageSpec(image(), root).mounts?.length;
    return imageSpec(image({ Cmd: ['sh'], Volumes }), root).mounts?.slice(count) ?? [];
  };
  const options = ['nosuid', 'nodev', 'tmpcopyup'];
  const tmpfs = { type: 'tmpfs', source: 'tmpfs', options: [...options, 'mode=755'] };

  it('is a tmpfs with what the image has there, outer ones first, each once', () => {
    expect(mountsOf('/srv/data/sub', 'srv/data', '/srv/./data/', '/srv/data')).toEqual([
      { destination: '/srv/data', ...tmpfs },
      { destination: '/srv/data/sub', ...tmpfs },
    ]);
  });

  it('belongs to whom the directory belongs, wherever in the image that is', () => {
    mkdirSync(path.join(root, 'var/data'), { recursive: true });
    chmodSync(path.join(root, 'var/data'), 0o1770);
    symlinkSync('/../var/data', path.join(root, 'data'));
    const [uid, gid] = [process.getuid?.(), process.getgid?.()];
    expect(mountsOf('/data')).toEqual([
      {
        destination: '/data',
        ...tmpfs,
        options: [...options, 'mode=1770', `uid=${uid ?? 0}`, `gid=${gid ?? 0}`],
      },
    ]);
  });

  it('takes the place of no mount, and not of the root', () => {
    expect(mountsOf('/proc', '/dev/shm')).toEqual([]);
    expect(() => mountsOf('/srv/..')).toThrow(/a volume at "\/", its root/);
  });
});

it('a terminal has its TERM, unless the image has one', () => {
  expect(imageSpec(image(), root, { terminal: true }).process?.env).toContain('TERM=xterm');
  const own = image({ Cmd: ['sh'], Env: ['TERM=vt100'] });
  const { env = [] } = imageSpec(own, root, { terminal: true }).process ?? {};
  expect(env.filter((each) => each.startsWith('TERM='))).toEqual(['TERM=vt100']);
});

describe('the list of users', () => {
  const withUser = (): unknown =>
    imageSpec(image({ Cmd: ['sh'], User: 'ann' }), root).process?.user;
  const passwd = (): string => path.join(root, 'etc/passwd');

  it('is the image’s', () => {
    writeFileSync(passwd(), 'ann:x:7:8::/:/bin/sh\n');
    writeFileSync(path.join(root, 'etc/group'), 'extra:x:9:ann\n');
    expect(withUser()).toEqual({ uid: 7, gid: 8, additionalGids: [8, 9] });
  });

  it('a symlink leads within the image', () => {
    symlinkSync('/../../../../etc/passwd-of-image', passwd());
    writeFileSync(path.join(root, 'etc/passwd-of-image'), 'ann:x:7:8::/:/bin/sh\n');
    expect(withUser()).toEqual({ uid: 7, gid: 8, additionalGids: [8] });
  });

  it('may be missing, for a user by number', () => {
    rmSync(path.join(root, 'etc'), { recursive: true });
    expect(imageSpec(image({ Cmd: ['sh'], User: '5:6' }), root).process?.user).toEqual({
      uid: 5,
      gid: 6,
      additionalGids: [6],
    });
    expect(withUser).toThrow(/no user "ann"/);
  });

  it.each<[string, () => void, RegExp]>([
    [
      'of gigabytes',
      () => {
        writeFileSync(passwd(), '');
        truncateSync(passwd(), 2 ** 32);
      },
      /4294967296 bytes, more than/,
    ],
    ['that is a FIFO', () => execFileSync('mkfifo', [passwd()]), /no regular file/],
    ['that is a directory', () => mkdirSync(passwd()), /no regular file/],
    ['that leads to itself', () => symlinkSync('passwd', passwd()), /cannot be read/],
  ])('%s is refused', (_, make, message) => {
    make();
    expect(withUser).toThrow(message);
  });
});
