/** Documents of the image-spec, as engines write them and as strangers do. */
import { describe, expect, it } from 'vitest';
import {
  isDigest,
  layerCompression,
  isForeignLayer,
  MEDIA_TYPE,
  parseDigest,
  parseImageConfig,
  parseManifest,
  splitDigest,
} from '../../src/oci/index.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const descriptor = { mediaType: MEDIA_TYPE.layerGzip, digest, size: 10 };
const manifest = {
  schemaVersion: 2,
  config: { ...descriptor, mediaType: MEDIA_TYPE.config },
  layers: [descriptor],
};
const index = { schemaVersion: 2, manifests: [{ ...descriptor, mediaType: MEDIA_TYPE.manifest }] };
const parse = (value: unknown, mediaType = ''): ReturnType<typeof parseManifest> =>
  parseManifest(JSON.stringify(value), mediaType, 'the image');

describe('digests', () => {
  it('are an algorithm and its digits', () => {
    expect(splitDigest(parseDigest(digest))).toEqual({ algorithm: 'sha256', hex: '0'.repeat(64) });
    expect(isDigest(`sha512:${'f'.repeat(128)}`)).toBe(true);
  });

  it.each([
    '',
    'sha256:',
    `sha256:${'0'.repeat(63)}`,
    `sha256:${'A'.repeat(64)}`,
    `sha256:${'.'.repeat(64)}`,
    `sha256:../${'0'.repeat(61)}`,
    `md5:${'0'.repeat(32)}`,
    `toString:${'0'.repeat(64)}`,
    `SHA256:${'0'.repeat(64)}`,
  ])('%s is none', (text) => expect(() => parseDigest(text)).toThrow(/is no digest/));
});

it.each([
  [MEDIA_TYPE.layer, 'none'],
  [MEDIA_TYPE.layerZstd, 'zstd'],
  [MEDIA_TYPE.dockerLayerGzip, 'gzip'],
  ['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', 'gzip'],
  ['application/vnd.oci.image.layer.nondistributable.v1.tar+zstd', 'zstd'],
  [MEDIA_TYPE.config, undefined],
  ['application/vnd.oci.image.layer.v1.tar+bzip2', undefined],
])('%s is compressed by %s', (type, compression) => {
  expect(layerCompression(type)).toBe(compression);
  expect(isForeignLayer(type)).toBe(/foreign|nondistributable/.test(type));
});

describe('manifests', () => {
  it('are told from indexes by what is in them', () => {
    expect(parse(manifest).kind).toBe('manifest');
    expect(parse(manifest, MEDIA_TYPE.dockerManifest).kind).toBe('manifest');
    expect(parse({ ...index, mediaType: MEDIA_TYPE.dockerList }, MEDIA_TYPE.index).kind).toBe(
      'index',
    );
  });

  it('may have null for an empty list, as Go writes it', () => {
    expect(parse({ ...manifest, layers: null })).toMatchObject({ manifest: { layers: [] } });
    expect(parse({ ...index, manifests: null })).toMatchObject({ index: { manifests: [] } });
  });

  it.each<[string, unknown, string, RegExp]>([
    ['both at once', { ...manifest, ...index }, '', /readers would not agree/],
    [
      'an index that calls itself a manifest',
      { ...index, mediaType: MEDIA_TYPE.manifest },
      '',
      /on what is an index/,
    ],
    ['a manifest by the name of an index', manifest, MEDIA_TYPE.index, /on what is a manifest/],
    ['schema 1', { schemaVersion: 1, fsLayers: [] }, '', /format of before 2016/],
    ['no config', { schemaVersion: 2, layers: [] }, '', /\/config/],
    [
      'a size below zero',
      { ...manifest, layers: [{ ...descriptor, size: -1 }] },
      '',
      /\/layers\/0\/size/,
    ],
    [
      'a size of 2^60',
      { ...manifest, layers: [{ ...descriptor, size: 2 ** 60 }] },
      '',
      /\/layers\/0\/size/,
    ],
    [
      'a digest that is a path',
      { ...manifest, config: { ...descriptor, digest: 'sha256:../x' } },
      '',
      /\/config\/digest/,
    ],
    ['a list', [], '', /JSON of type array/],
  ])('%s: refused', (_, value, mediaType, message) => {
    expect(() => parse(value, mediaType)).toThrow(message);
    expect(() => parse(value, mediaType)).toThrow(/the image/);
  });

  it('text that is no JSON is refused', () => {
    expect(() => parseManifest('{', '', 'the image')).toThrow(/not JSON/);
  });
});

describe('configs', () => {
  const config = {
    os: 'linux',
    architecture: 'amd64',
    rootfs: { type: 'layers', diff_ids: [digest] },
  };

  it('keep what is not known here', () => {
    const read = parseImageConfig(
      JSON.stringify({ ...config, 'x.y': 1, config: { Cmd: null } }),
      'c',
    );
    expect(read).toMatchObject({ 'x.y': 1, config: {} });
  });

  it('of an image without layers may lack their list', () => {
    const text = JSON.stringify({ ...config, rootfs: { type: 'layers', diff_ids: null } });
    expect(parseImageConfig(text, 'c').rootfs.diff_ids).toEqual([]);
  });

  it.each([
    [{ ...config, rootfs: {} }, /diff_ids/],
    [{ ...config, config: { Env: 'A=b' } }, /\/config\/Env/],
    [{ ...config, rootfs: { diff_ids: ['sha256:x'] } }, /\/rootfs\/diff_ids\/0/],
    [{ rootfs: { diff_ids: [] } }, /2 problems/],
  ])('%j is refused', (value, message) => {
    expect(() => parseImageConfig(JSON.stringify(value), 'c')).toThrow(message);
  });
});
