/** The taught parts, on the examples of the specifications and on what strangers write. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Digest, ImageDescriptor, Platform } from '../../src/oci/index.ts';
import {
  chainIds,
  choosePlatform,
  normalizePlatform,
  placeEntry,
  planProcess,
  readRecords,
  readTime,
  resolveUser,
  splitEntryPath,
} from '../../src/image/index.ts';

describe('paths in an archive', () => {
  it.each([
    ['etc/hosts', ['etc', 'hosts']],
    ['./etc//hosts/', ['etc', 'hosts']],
    ['/etc/./hosts', ['etc', 'hosts']],
    ['./', []],
    ['...', ['...']],
  ])('%s', (name, names) => expect(splitEntryPath(name)).toEqual(names));

  it.each([
    ['../x', /leads out/],
    ['a/../b', /leads out/],
    ['a\0b', /NUL/],
    ['n'.repeat(256), /longer/],
    [`${'n'.repeat(200)}/`.repeat(21), /longer/],
  ])('%j is refused', (name, message) => expect(() => splitEntryPath(name)).toThrow(message));

  it('bytes are counted, not characters', () => {
    expect(splitEntryPath('\udce9'.repeat(255)).length).toBe(1);
    expect(() => splitEntryPath('é'.repeat(128))).toThrow(/longer/);
  });

  it('only a directory on a directory stays', () => {
    expect(placeEntry('directory', 'directory')).toBe('keep');
    expect(placeEntry('directory', 'symlink')).toBe('replace');
    expect(placeEntry('file', 'file')).toBe('replace');
    expect(placeEntry('link', undefined)).toBe('create');
  });
});

describe('times', () => {
  it.each([
    ['0', 0n],
    ['1.5', 1_500_000_000n],
    ['-1.5', -1_500_000_000n],
    ['1.1234567899', 1_123_456_789n],
    ['5.', 5_000_000_000n],
  ])('%s', (text, time) => expect(readTime(text)).toBe(time));
  it.each(['', '.5', '1e3', '1.5.5', '9'.repeat(19)])('%j is none', (text) => {
    expect(() => readTime(text)).toThrow(/no time/);
  });
});

describe('records', () => {
  it('have values of their own, not views of what was read', () => {
    const bytes = Buffer.from('12 path=abc\n');
    const records = readRecords(bytes);
    bytes.fill('x');
    expect(Buffer.from(records.get('path') ?? []).toString()).toBe('abc');
  });

  it('have keywords in UTF-8', () => {
    const bytes = Buffer.from('6 k=v\n');
    expect([...readRecords(bytes).keys()]).toEqual(['k']);
    bytes[2] = 0xe9;
    expect(() => readRecords(bytes)).toThrow(/begins no record/);
  });
});

it('ChainIDs stack: each is of the one below and its own DiffID', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => `sha256:${name.repeat(64)}` as Digest);
  if (a === undefined || b === undefined || c === undefined) throw new Error('three');
  const sha = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
  expect(chainIds([a, b, c])).toEqual([a, sha(`${a} ${b}`), sha(`${sha(`${a} ${b}`)} ${c}`)]);
  expect(chainIds([])).toEqual([]);
});

describe('platforms', () => {
  const manifest = (platform?: Partial<Platform>): ImageDescriptor => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: 'sha256:0',
    size: 1,
    ...(platform && { platform: { os: 'linux', architecture: 'amd64', ...platform } }),
  });
  const arm = (variant: string): ImageDescriptor => manifest({ architecture: 'arm', variant });

  it.each<[string, Partial<Platform>, Partial<Platform>]>([
    ['x86_64', { architecture: 'x86_64' }, { architecture: 'amd64' }],
    ['aarch64 with its v8', { architecture: 'aarch64', variant: 'v8' }, { architecture: 'arm64' }],
    ['armhf', { architecture: 'armhf' }, { architecture: 'arm', variant: 'v7' }],
    [
      'a bare number',
      { architecture: 'arm', variant: '6' },
      { architecture: 'arm', variant: 'v6' },
    ],
  ])('%s', (_, from, to) => {
    expect(normalizePlatform({ os: 'Linux', architecture: '', ...from })).toEqual({
      os: 'linux',
      ...to,
    });
  });

  it('the highest variant that runs is taken', () => {
    const all = [arm('v5'), arm('v7'), arm('v6'), arm('v8')];
    expect(choosePlatform(all, { os: 'linux', architecture: 'arm', variant: 'v7' })).toBe(all[1]);
    expect(choosePlatform(all, { os: 'linux', architecture: 'arm', variant: 'v6' })).toBe(all[2]);
    const power = ['power10', 'power9', 'power8'].map((variant) =>
      manifest({ architecture: 'ppc64le', variant }),
    );
    const power9 = { os: 'linux', architecture: 'ppc64le', variant: 'power9' };
    expect(choosePlatform(power, power9)).toBe(power[1]);
  });

  it('one without a platform is the last choice, one for unknown none', () => {
    const bare = manifest();
    const attestation = manifest({ os: 'unknown', architecture: 'unknown' });
    const amd64 = manifest({});
    const wanted = { os: 'linux', architecture: 'amd64' };
    expect(choosePlatform([bare, attestation, amd64], wanted)).toBe(amd64);
    expect(choosePlatform([attestation, bare], wanted)).toBe(bare);
    expect(choosePlatform([attestation, manifest({ os: 'windows' })], wanted)).toBeUndefined();
  });
});

describe('the process', () => {
  const image = { Entrypoint: ['/entry'], Cmd: ['cmd'], Env: ['A=1', 'B=2'], WorkingDir: 'srv' };

  it.each([
    [{}, ['/entry', 'cmd']],
    [{ args: ['mine'] }, ['/entry', 'mine']],
    [{ entrypoint: ['/other'] }, ['/other']],
    [{ entrypoint: [], args: ['/bin/sh'] }, ['/bin/sh']],
  ])('%j', (options, args) => expect(planProcess(image, options).args).toEqual(args));

  it('has the environment of both', () => {
    const { env, cwd } = planProcess(image, { env: ['B=3', 'C=', 'A'] });
    expect(env.slice(1)).toEqual(['B=3', 'C=']);
    expect(env[0]).toMatch(/^PATH=/);
    expect(cwd).toBe('/srv');
  });

  it('an empty directory or user of the user is none', () => {
    const { cwd, user } = planProcess({ ...image, User: 'www' }, { cwd: '', user: '' });
    expect([cwd, user]).toEqual(['/srv', 'www']);
  });

  it('without a command is an error', () => {
    expect(() => planProcess({}, {})).toThrow(/name a program/);
  });
});

describe('users', () => {
  const passwd =
    '# c\n  # 0:x:0:9\nroot:x:0:0:root:/root:/bin/sh\nann:x:1000:100::/:/bin/sh\n12:x:7:7::/:/bin/sh\nbad:x:y:z\n';
  const group = 'root:x:0:\nusers:x:100:\nwheel:x:10:bob,ann\nann2:x:11:ann\nwheel2:x:10:ann\n';

  it.each([
    ['', { uid: 0, gid: 0, additionalGids: [] }],
    ['ann', { uid: 1000, gid: 100, additionalGids: [10, 11] }],
    ['1000', { uid: 1000, gid: 100, additionalGids: [10, 11] }],
    ['4242', { uid: 4242, gid: 0, additionalGids: [] }],
    ['ann:wheel', { uid: 1000, gid: 10, additionalGids: [] }],
    ['ann:55', { uid: 1000, gid: 55, additionalGids: [] }],
    [':wheel', { uid: 0, gid: 10, additionalGids: [] }],
    ['12', { uid: 12, gid: 0, additionalGids: [] }],
    ['2147483647', { uid: 2147483647, gid: 0, additionalGids: [] }],
  ])('%j', (user, found) => expect(resolveUser(user, passwd, group)).toEqual(found));

  it.each([
    ['eve', /no user "eve" in its \/etc\/passwd/],
    ['ann:none', /no group "none"/],
    ['2147483648', /too large/],
    ['4294967296', /too large/],
    ['0:99999999999999999999', /too large/],
    ['-1', /no user "-1"/],
    ['bad', /no user "bad"/],
    ['ann:users:wheel', /no user "ann:users:wheel"/],
  ])('%s is an error', (user, message) => {
    expect(() => resolveUser(user, passwd, group)).toThrow(message);
  });
});
