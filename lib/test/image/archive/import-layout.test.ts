import { symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  exportImages,
  importImages,
  readImage,
  type ImportProgress,
} from '../../../src/image/index.ts';
import { MEDIA_TYPE } from '../../../src/oci/index.ts';
import { refusal } from '../refusal.ts';
import { archive, digestOf, file, node } from '../tar/archive.ts';
import {
  blobFile,
  Blobs,
  configOf,
  layerTar,
  layoutFiles,
  NAME,
  named,
  sample,
  tarOf,
  text,
} from './sample.ts';
import { ImportScratch } from './scratch.ts';

let scratch: ImportScratch;
beforeEach(() => {
  scratch = new ImportScratch();
});
afterEach(() => {
  scratch[Symbol.dispose]();
});

const REF = 'containerd.io/gc.ref.content';

describe.each(['folder', 'archive'] as const)('a layout as %s', (kind) => {
  it('is imported, all of it, by its name', async () => {
    const { blobs, index, manifest } = sample();
    const found = await scratch.importAs(kind, layoutFiles(blobs, [named(index)]));
    expect(found).toEqual([{ names: [NAME], descriptor: index }]);
    expect([...blobs.all.keys()].every((digest) => scratch.store.has(digest))).toBe(true);
    expect(readImage(scratch.store, index).descriptor).toMatchObject(manifest);
    expect(scratch.store.ingests()).toEqual([]);
  });

  it('survives a collection: by its lease first, then by its name', async () => {
    const { blobs, index, manifest, config, layers } = sample();
    const lease = scratch.store.leases.create();
    await scratch.importAs(kind, layoutFiles(blobs, [index]), { lease: lease.id });
    expect(scratch.store.collect().removed).toEqual([]);
    scratch.store.images.put({ name: 'a', target: index });
    lease.release();
    expect(scratch.store.collect().removed).toEqual([]);
    expect(scratch.store.info(manifest.digest).labels).toEqual({
      [`${REF}.config`]: config.digest,
      [`${REF}.l.0`]: layers[0]?.digest,
      [`${REF}.l.1`]: layers[1]?.digest,
    });
    scratch.store.images.delete('a');
    expect(scratch.store.collect().removed).toHaveLength(blobs.all.size);
  });

  it('gives one image for one digest, with all of its names', async () => {
    const { blobs, manifest, other } = sample();
    const tag = { 'org.opencontainers.image.ref.name': 'v1' };
    const images = [
      named(manifest, 'a:1'),
      { ...other, annotations: tag },
      named(manifest, 'b:1'),
      named(manifest, 'a:1'),
      { ...manifest, annotations: { ...tag, 'io.containerd.image.name': 'c:v1' } },
    ];
    const found = await scratch.importAs(kind, layoutFiles(blobs, images));
    expect(found).toEqual([
      { names: ['a:1', 'b:1', 'c:v1'], descriptor: manifest },
      { names: ['v1'], descriptor: other },
    ]);
  });

  it('may have sha512 blobs', async () => {
    const layer = layerTar('x');
    const hex = execFileSync('sha512sum', { input: layer }).toString().slice(0, 128);
    const digest = `sha512:${hex}` as const;
    const blobs = new Blobs();
    const config = blobs.add(MEDIA_TYPE.config, configOf([digestOf(layer)]));
    const descriptor = { mediaType: MEDIA_TYPE.layer, digest, size: layer.length };
    const manifest = blobs.manifest(config, [descriptor]);
    blobs.all.set(digest, layer);
    await scratch.importAs(kind, layoutFiles(blobs, [manifest]));
    expect(scratch.store.read(digest).equals(layer)).toBe(true);
  });

  it('may lack the images of other platforms, and foreign layers', async () => {
    const { blobs, index, other } = sample();
    blobs.all.delete(other.digest);
    await scratch.importAs(kind, layoutFiles(blobs, [index]));
    const foreign = new Blobs();
    const mediaType = 'application/vnd.oci.image.layer.nondistributable.v1.tar';
    const layer = { mediaType, digest: digestOf(Buffer.from('gone')), size: 4 };
    const config = foreign.add(MEDIA_TYPE.config, configOf([layer.digest]));
    const manifest = foreign.manifest(config, [layer]);
    const found = await scratch.importAs(kind, layoutFiles(foreign, [manifest]));
    expect(found).toEqual([{ names: [], descriptor: manifest }]);
  });

  it('takes no content twice that the store has', async () => {
    const { blobs, index } = sample();
    const files = layoutFiles(blobs, [index]);
    await scratch.importAs(kind, files);
    const told: ImportProgress[] = [];
    await scratch.importAs(kind, files, { onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([]);
  });

  it('tells how far each file is', async () => {
    const { blobs, index } = sample();
    const told: ImportProgress[] = [];
    const onProgress = (progress: ImportProgress) => void told.push(progress);
    await scratch.importAs(kind, layoutFiles(blobs, [index]), { onProgress });
    const done = told.filter(({ offset, size }) => offset === size).map((each) => each.file);
    expect(done.toSorted()).toEqual([...blobs.all.keys()].map(blobFile).toSorted());
  });

  it('passes a large layer on in pieces, in and out', async () => {
    const layer = Buffer.alloc(5_000_000, 'a large layer ');
    const blobs = new Blobs();
    const config = blobs.add(MEDIA_TYPE.config, configOf([digestOf(layer)]));
    const manifest = blobs.manifest(config, [blobs.add(MEDIA_TYPE.layer, layer)]);
    const offsets: number[] = [];
    const onProgress = ({ offset, size }: ImportProgress) => {
      if (size === layer.length) offsets.push(offset);
    };
    await scratch.importAs(kind, layoutFiles(blobs, [manifest]), { onProgress });
    const pieces = offsets.map((offset, at) => offset - (offsets[at - 1] ?? 0));
    expect(offsets.at(-1)).toBe(layer.length);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(1 << 20);
    const written = await Array.fromAsync(
      exportImages(scratch.store, [{ descriptor: manifest }]),
      (piece) => piece.length,
    );
    expect(Math.max(...written)).toBeLessThanOrEqual(1 << 20);
  });

  it('stops when it is told to, and leaves no ingest', async () => {
    const { blobs, index } = sample();
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    const importing = scratch.importAs(kind, layoutFiles(blobs, [index]), {
      onProgress,
      signal: stop.signal,
    });
    await expect(importing).rejects.toThrow(/abort/i);
    expect(scratch.store.ingests()).toEqual([]);
  });
});

describe('an archive', () => {
  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
    [
      'gzip in two members',
      (bytes: Buffer) =>
        Buffer.concat([gzipSync(bytes.subarray(0, 1000)), gzipSync(bytes.subarray(1000))]),
    ],
  ])('may be compressed by %s', async (_what, compress) => {
    const { blobs, index } = sample();
    const found = await scratch.import(compress(tarOf(layoutFiles(blobs, [index]))));
    expect(found).toMatchObject([{ descriptor: index }]);
  });

  it('may have its files in any order, and names that begin with a dot', async () => {
    const { blobs, index } = sample();
    const parts = [...layoutFiles(blobs, [index])].map(([name, bytes]) =>
      file(`./${name}`, bytes ?? ''),
    );
    await scratch.import(archive(node('./'), node('./blobs/'), ...parts.toReversed()));
    expect(scratch.store.has(index.digest)).toBe(true);
  });

  it('may rely on content that the store has', async () => {
    const { blobs, manifest, layers } = sample();
    const files = layoutFiles(blobs, [manifest]);
    await scratch.import(tarOf(files));
    for (const { digest } of layers) files.delete(blobFile(digest));
    expect(await scratch.import(tarOf(files))).toMatchObject([{ descriptor: manifest }]);
  });
});

describe('a folder', () => {
  it('may have links for blobs', async () => {
    const { blobs, manifest, config } = sample();
    const files = layoutFiles(blobs, [manifest]);
    files.delete(blobFile(config.digest));
    const elsewhere = scratch.write(blobs.all.get(config.digest) ?? Buffer.alloc(0));
    const folder = scratch.write(files);
    symlinkSync(elsewhere, `${folder}/${blobFile(config.digest)}`);
    await importImages(scratch.store, folder);
    expect(scratch.store.has(config.digest)).toBe(true);
  });

  it('brings only what its images need', async () => {
    const { blobs, manifest, other } = sample();
    await scratch.import(layoutFiles(blobs, [manifest]));
    expect(scratch.store.has(other.digest)).toBe(false);
  });

  it.each(['oci-layout', 'index.json'])('without %s is no layout', async (name) => {
    const { blobs, manifest } = sample();
    const files = layoutFiles(blobs, [manifest]);
    files.delete(name);
    await expect(scratch.import(files)).rejects.toThrow(refusal('NOT_FOUND', name));
  });

  it('is not there', async () => {
    const importing = importImages(scratch.store, scratch.path('nowhere'));
    await expect(importing).rejects.toThrow(refusal('NOT_FOUND', 'nowhere'));
  });

  it('of a version to come is refused', async () => {
    const files = layoutFiles(new Blobs(), []).set(
      'oci-layout',
      text({ imageLayoutVersion: '2.0.0' }),
    );
    await expect(scratch.import(files)).rejects.toThrow(refusal('FAILED_PRECONDITION', '2.0.0'));
    files.set('oci-layout', text({ imageLayoutVersion: '1.1.0' }));
    expect(await scratch.import(files)).toEqual([]);
    files.set('oci-layout', Buffer.from('null'));
    await expect(scratch.import(files)).rejects.toThrow(refusal('BAD_CONTENT'));
  });

  it('with a pipe for a blob does not wait for it', async () => {
    const { blobs, manifest, config } = sample();
    const files = layoutFiles(blobs, [manifest]);
    files.delete(blobFile(config.digest));
    const folder = scratch.write(files);
    execFileSync('mkfifo', [`${folder}/${blobFile(config.digest)}`]);
    const importing = importImages(scratch.store, folder);
    await expect(importing).rejects.toThrow(refusal('BAD_CONTENT', 'regular file'));
  });
});
