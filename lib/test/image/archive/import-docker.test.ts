import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readImage } from '../../../src/image/index.ts';
import { MEDIA_TYPE } from '../../../src/oci/index.ts';
import { refusal } from '../refusal.ts';
import { archive, digestOf, file, node, symlink } from '../tar/archive.ts';
import { configOf, layerTar, layoutFiles, NAME, named, sample, tarOf, text } from './sample.ts';
import { ImportScratch } from './scratch.ts';

let scratch: ImportScratch;
beforeEach(() => {
  scratch = new ImportScratch();
});
afterEach(() => {
  scratch[Symbol.dispose]();
});

const FIRST = layerTar('first');
const SECOND = layerTar('second');
const CONFIG = text(configOf([digestOf(FIRST), digestOf(SECOND)]));
const LAYERS = ['a/layer.tar', 'b/layer.tar'];
const manifestFile = (item: object = {}): Buffer =>
  file(
    'manifest.json',
    text([{ Config: 'c.json', RepoTags: ['x:1', 'x:2'], Layers: LAYERS, ...item }]),
  );
const first = file('a/layer.tar', FIRST);
const second = file('b/layer.tar', SECOND);
const config = file('c.json', CONFIG);

describe('an archive of docker save', () => {
  it('of the old form gets the manifest that containerd makes for it', async () => {
    const old = [node('a/'), file('a/VERSION', '1.0'), file('a/json', '{}')];
    const bytes = archive(
      ...old,
      first,
      second,
      config,
      manifestFile(),
      file('repositories', '{}'),
    );
    const [found, ...others] = await scratch.import(bytes);
    expect(others).toEqual([]);
    expect(found?.names).toEqual(['x:1', 'x:2']);
    const descriptor = (mediaType: string, content: Buffer) => ({
      mediaType,
      size: content.length,
      digest: digestOf(content),
    });
    const expected = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      config: {
        mediaType: 'application/vnd.docker.container.image.v1+json',
        digest: digestOf(CONFIG),
        size: CONFIG.length,
      },
      layers: [FIRST, SECOND].map((layer) => ({
        mediaType: 'application/vnd.docker.image.rootfs.diff.tar',
        digest: digestOf(layer),
        size: layer.length,
      })),
    });
    expect(found?.descriptor).toEqual(descriptor(MEDIA_TYPE.dockerManifest, Buffer.from(expected)));
    expect(scratch.store.read(digestOf(Buffer.from(expected))).toString()).toBe(expected);
  });

  it('is kept by its name, and VERSION and json are not kept at all', async () => {
    const junk = 'what nobody reads';
    const [found] = await scratch.import(
      archive(file('a/VERSION', junk), first, second, config, manifestFile()),
    );
    expect(scratch.store.has(digestOf(Buffer.from(junk)))).toBe(false);
    if (found !== undefined) scratch.store.images.put({ name: 'a', target: found.descriptor });
    expect(scratch.store.collect().removed).toEqual([]);
    expect([...scratch.store.walk()]).toHaveLength(4);
  });

  it.each([
    ['a symlink to another', [symlink('b/layer.tar', '../a/layer.tar'), first]],
    ['a symlink before it', [first, symlink('b/layer.tar', '../a/layer.tar')]],
    ['a hard link', [first, node('b/layer.tar', { type: 'link', linkName: 'a/layer.tar' })]],
    [
      'links in a row',
      [symlink('b/layer.tar', '../x'), symlink('x', 'y'), first, symlink('y', 'a/layer.tar')],
    ],
    ['there again', [first, file('b/layer.tar', FIRST), first]],
  ])('may have a layer that is %s', async (_what, parts) => {
    const twice = file('c.json', text(configOf([digestOf(FIRST), digestOf(FIRST)])));
    const [found] = await scratch.import(archive(...parts, twice, manifestFile()));
    const image = found && readImage(scratch.store, found.descriptor, AMD64);
    expect(image?.layers.map((layer) => layer.descriptor.digest)).toEqual([
      digestOf(FIRST),
      digestOf(FIRST),
    ]);
  });

  it('may have compressed layers, and no names', async () => {
    const parts = [
      file('a/layer.tar', gzipSync(FIRST)),
      file('b/layer.tar', zstdCompressSync(SECOND)),
    ];
    const bytes = archive(...parts, config, manifestFile({ RepoTags: null }));
    const [found] = await scratch.import(bytes);
    expect(found?.names).toEqual([]);
    const image = found && readImage(scratch.store, found.descriptor, AMD64);
    expect(image?.manifest.layers.map(({ mediaType }) => mediaType)).toEqual([
      MEDIA_TYPE.dockerLayerGzip,
      MEDIA_TYPE.dockerLayerZstd,
    ]);
  });

  it('of the new form is read as the layout that it is too', async () => {
    const { blobs, index } = sample();
    const files = layoutFiles(blobs, [named(index)]);
    files.set('manifest.json', text([{ Config: 'nowhere', RepoTags: ['y:1'], Layers: [] }]));
    const found = await scratch.import(tarOf(files));
    expect(found).toEqual([{ names: [NAME], descriptor: index }]);
  });

  it('may have no layers, and several images', async () => {
    const empty = file('e.json', text(configOf([])));
    const items = [
      { Config: 'e.json', RepoTags: ['e:1'], Layers: null },
      { Config: 'c.json', RepoTags: ['x:1'], Layers: LAYERS },
      { Config: './e.json', RepoTags: ['e:2'] },
    ];
    const bytes = archive(empty, config, first, second, file('manifest.json', text(items)));
    const found = await scratch.import(bytes);
    expect(found.map(({ names }) => names)).toEqual([['e:1', 'e:2'], ['x:1']]);
  });
});

const AMD64 = { os: 'linux', architecture: 'amd64' };

describe('a damaged archive of docker save', () => {
  const parts = [first, second, config];
  it.each<[string, Buffer[], string, string]>([
    ['without a layer', [first, config, manifestFile()], 'NOT_FOUND', 'b/layer.tar'],
    ['without a config', [first, second, manifestFile()], 'NOT_FOUND', 'c.json'],
    [
      'with a link to nothing',
      [first, symlink('b/layer.tar', '../z/layer.tar'), config, manifestFile()],
      'NOT_FOUND',
      'b/layer.tar',
    ],
    [
      'with links in a circle',
      [first, symlink('b/layer.tar', '../x'), symlink('x', 'b/layer.tar'), config, manifestFile()],
      'NOT_FOUND',
      'b/layer.tar',
    ],
    [
      'with a layer of other contents',
      [first, file('b/layer.tar', layerTar('wrong')), config, manifestFile()],
      'BAD_CONTENT',
      'b/layer.tar',
    ],
    [
      'with too few layers',
      [...parts, manifestFile({ Layers: ['a/layer.tar'] })],
      'BAD_CONTENT',
      '',
    ],
    ['whose manifest.json is no JSON', [...parts, file('manifest.json', '[')], 'BAD_CONTENT', ''],
    ['whose manifest.json is no list', [...parts, file('manifest.json', '{}')], 'BAD_CONTENT', ''],
    [
      'whose manifest.json has null',
      [...parts, file('manifest.json', '[null]')],
      'BAD_CONTENT',
      '',
    ],
    ['with numbers for tags', [...parts, manifestFile({ RepoTags: [1] })], 'BAD_CONTENT', ''],
    [
      'that leads out',
      [...parts, manifestFile({ Config: '../c.json' })],
      'BAD_ARCHIVE',
      'leads out',
    ],
    ['of before 1.10', [first, file('repositories', '{}')], 'BAD_ARCHIVE', '1.10'],
    [
      'with a layer twice, differently',
      [first, file('a/layer.tar', SECOND), second, config, manifestFile()],
      'BAD_ARCHIVE',
      'twice',
    ],
  ])('%s is refused, and nobody refers to what is left', async (_what, entries, code, words) => {
    await expect(scratch.import(archive(...entries))).rejects.toThrow(refusal(code, words));
    expect(scratch.store.ingests()).toEqual([]);
    scratch.store.collect();
    expect([...scratch.store.walk()]).toEqual([]);
  });
});
