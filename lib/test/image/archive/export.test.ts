import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  exportImages,
  exportLayout,
  importImages,
  type ExportedImage,
  type ExportOptions,
} from '../../../src/image/index.ts';
import { MEDIA_TYPE } from '../../../src/oci/index.ts';
import { refusal } from '../refusal.ts';
import { digestOf, readAll } from '../tar/archive.ts';
import {
  blobFile,
  Blobs,
  configOf,
  layoutFiles,
  NAME,
  sample,
  text,
  type Sample,
} from './sample.ts';
import { ImportScratch } from './scratch.ts';

let scratch: ImportScratch;
let image: Sample;
beforeEach(async () => {
  scratch = new ImportScratch();
  image = sample();
  await scratch.import(layoutFiles(image.blobs, [image.index]));
});
afterEach(() => {
  scratch[Symbol.dispose]();
});

const bytesOf = async (images: ExportedImage[], options: ExportOptions = {}): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(exportImages(scratch.store, images, options)));

const named = (): ExportedImage => ({ name: NAME, descriptor: image.index });

function filesIn(archive: Buffer): Map<string, Buffer> {
  return new Map(readAll(archive).map(({ entry, data }) => [entry.name, data]));
}

const json = (files: Map<string, Buffer>, name: string): unknown =>
  JSON.parse(files.get(name)?.toString() ?? 'null');

describe.each(['oci', 'docker'] as const)('an archive of the form %s', (format) => {
  it('comes back as it was', async () => {
    const bytes = await bytesOf([named()], { format });
    const store = scratch.open('other');
    const found = await importImages(store, scratch.write(bytes));
    expect(found).toEqual([{ names: [NAME], descriptor: image.index }]);
    expect([...store.walk()].map(({ digest }) => digest)).toEqual(
      [...scratch.store.walk()].map(({ digest }) => digest),
    );
  });

  it('has the same bytes each time, whenever the blobs were made', async () => {
    const first = await bytesOf([named()], { format });
    for (const { digest } of scratch.store.walk()) utimesSync(scratch.store.path(digest), 1, 1);
    expect((await bytesOf([named()], { format })).equals(first)).toBe(true);
  });

  it('has all files in order, of no time and nobody', async () => {
    const entries = readAll(await bytesOf([named()], { format })).map(({ entry }) => entry);
    const names = entries.map(({ name }) => name);
    const blobs = [...image.blobs.all.keys()].map(blobFile).toSorted();
    const manifest = format === 'docker' ? ['manifest.json'] : [];
    const roots = ['index.json', ...manifest, 'oci-layout'];
    expect(names).toEqual(['blobs/', 'blobs/sha256/', ...blobs, ...roots]);
    for (const { type, mode, uid, gid, mtime } of entries) {
      const expected = type === 'directory' ? 0o755 : 0o644;
      expect({ mode, uid, gid, mtime }).toEqual({ mode: expected, uid: 0, gid: 0, mtime: 0n });
    }
  });

  it('of one platform has nothing else', async () => {
    const platform = { os: 'linux', architecture: 'riscv64' };
    const files = filesIn(await bytesOf([named()], { format, platform }));
    expect(json(files, 'index.json')).toMatchObject({
      manifests: [{ digest: image.other.digest }],
    });
    expect(files.has(blobFile(image.manifest.digest))).toBe(false);
  });

  it('cannot lack a piece', async () => {
    scratch.store.delete(image.layers[0]?.digest ?? digestOf(Buffer.alloc(0)));
    const exporting = bytesOf([{ descriptor: image.manifest }], { format });
    await expect(exporting).rejects.toThrow(refusal('NOT_FOUND', image.layers[0]?.digest));
  });

  it('of a damaged blob is none', async () => {
    const { digest, size } = image.config;
    writeFileSync(scratch.store.path(digest), Buffer.alloc(size));
    await expect(bytesOf([named()], { format })).rejects.toThrow(refusal('DATA_LOSS', digest));
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(bytesOf([named()], { format, signal })).rejects.toThrow(/abort/i);
  });
});

describe('index.json', () => {
  it('names images by their whole name and by their tag', async () => {
    const descriptor = image.manifest;
    const images = ['localhost:5000/a', 'b:1', 'c@sha256:0'].map((name) => ({ name, descriptor }));
    const files = filesIn(await bytesOf([...images, { descriptor }]));
    const annotations = (name: string, ref: string) => ({
      annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': ref },
    });
    expect(json(files, 'index.json')).toEqual({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.index,
      manifests: [
        { ...descriptor, ...annotations('localhost:5000/a', 'localhost:5000/a') },
        { ...descriptor, ...annotations('b:1', '1') },
        { ...descriptor, ...annotations('c@sha256:0', 'c@sha256:0') },
        descriptor,
      ],
    });
  });
});

describe('manifest.json', () => {
  const item = ({ config, layers }: Sample, RepoTags: string[]) => ({
    Config: blobFile(config.digest),
    RepoTags,
    Layers: layers.map(({ digest }) => blobFile(digest)),
  });

  it('has this machine’s image once, with its tags, and no other names', async () => {
    const names = [NAME, 'x:1', 'y', 'localhost:5000/z', `x@${image.index.digest}`];
    const images = names.map((name) => ({ name, descriptor: image.index }));
    const files = filesIn(await bytesOf(images, { format: 'docker' }));
    expect(json(files, 'manifest.json')).toEqual([item(image, [NAME, 'x:1'])]);
  });

  it('has an image of another platform, if that is all there is', async () => {
    for (const { digest } of [image.manifest, image.config, ...image.layers]) {
      scratch.store.delete(digest);
    }
    const files = filesIn(await bytesOf([named()], { format: 'docker' }));
    const config = json(files, 'manifest.json') as [{ Config: string }];
    expect(json(files, config[0].Config)).toMatchObject({ architecture: 'riscv64' });
  });
});

describe('a layout', () => {
  const folder = (): string => scratch.path('layout');
  const index = () => JSON.parse(readFileSync(`${folder()}/index.json`, 'utf8')) as object;

  it('comes back as it was, and has no other files', async () => {
    await exportLayout(scratch.store, [named()], folder());
    const found = await importImages(scratch.open('other'), folder());
    expect(found).toEqual([{ names: [NAME], descriptor: image.index }]);
    expect(readdirSync(folder()).toSorted()).toEqual(['blobs', 'index.json', 'oci-layout']);
    const blobs = readdirSync(`${folder()}/blobs/sha256`).map((hex) => `sha256:${hex}`);
    expect(blobs.toSorted()).toEqual([...image.blobs.all.keys()].toSorted());
  });

  it('keeps other images, annotations and blobs, and replaces those of the same name', async () => {
    const other = new Blobs();
    const config = other.add(MEDIA_TYPE.config, configOf([]));
    const manifest = other.manifest(config, []);
    const tagged = { ...manifest, annotations: { 'org.opencontainers.image.ref.name': 'other' } };
    const replaced = { ...manifest, annotations: { 'org.opencontainers.image.ref.name': NAME } };
    const files = layoutFiles(other, [tagged, replaced, manifest]);
    const annotations = { kept: 'yes' };
    const manifests = [tagged, replaced, manifest];
    files.set('index.json', text({ schemaVersion: 2, manifests, annotations }));
    const layout = scratch.write(files);
    await exportLayout(scratch.store, [named()], layout);
    await exportLayout(scratch.store, [named()], layout);

    expect(await importImages(scratch.open('another'), layout)).toEqual([
      { names: ['other'], descriptor: manifest },
      { names: [NAME], descriptor: image.index },
    ]);
    const text2 = JSON.parse(readFileSync(`${layout}/index.json`, 'utf8')) as object;
    expect(text2).toMatchObject({ annotations, manifests: { length: 3 } });
  });

  it('is as it was when an export fails', async () => {
    await exportLayout(scratch.store, [named()], folder());
    const before = index();
    const { digest, size } = image.config;
    writeFileSync(scratch.store.path(digest), Buffer.alloc(size));
    writeFileSync(`${folder()}/${blobFile(digest)}`, 'cut off');
    const exporting = exportLayout(scratch.store, [{ ...named(), name: 'b' }], folder());
    await expect(exporting).rejects.toThrow(refusal('DATA_LOSS'));
    expect(index()).toEqual(before);
    expect(readdirSync(folder()).toSorted()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  it('of a version to come is not touched', async () => {
    const layout = scratch.write(new Map([['oci-layout', text({ imageLayoutVersion: '2.0.0' })]]));
    const exporting = exportLayout(scratch.store, [named()], layout);
    await expect(exporting).rejects.toThrow(refusal('FAILED_PRECONDITION'));
    expect(readdirSync(layout)).toEqual(['oci-layout']);
  });

  it('loses nothing when two add to it at once', async () => {
    const names = ['a:1', 'b:1', 'c:1'];
    await Promise.all(
      names.map((name) => exportLayout(scratch.store, [{ ...named(), name }], folder())),
    );
    const [found] = await importImages(scratch.open('other'), folder());
    expect(found?.names.toSorted()).toEqual(names);
  });
});
