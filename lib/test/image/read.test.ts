/** From a name of content to an image, in a store that may hold anything. */
import { mkdtempSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  layerSources,
  openContentStore,
  readImage,
  type ContentStore,
} from '../../src/image/index.ts';
import { MEDIA_TYPE, type ImageDescriptor } from '../../src/oci/index.ts';
import { digestOf } from './tar/archive.ts';

let root: string;
let store: ContentStore;
beforeEach(() => {
  root = mkdtempSync('/tmp/coracle-read-test-');
  store = openContentStore(root, { durable: false });
});
afterEach(() => {
  store.close();
  rmSync(root, { recursive: true });
});

function put(value: unknown, mediaType: string): ImageDescriptor {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const digest = digestOf(bytes);
  using ingest = store.ingest(digest);
  ingest.write(bytes);
  ingest.commit({ digest });
  return { mediaType, digest, size: bytes.length };
}

function putImage(architecture: string, layers = 1, diffIds = layers): ImageDescriptor {
  const layer = put('layer', MEDIA_TYPE.layer);
  const config = {
    os: 'linux',
    architecture,
    rootfs: { type: 'layers', diff_ids: Array.from({ length: diffIds }, () => layer.digest) },
  };
  const manifest = {
    schemaVersion: 2,
    config: put(config, MEDIA_TYPE.config),
    layers: Array.from({ length: layers }, () => layer),
  };
  return { ...put(manifest, MEDIA_TYPE.manifest), platform: { os: 'linux', architecture } };
}

const amd64 = { os: 'linux', architecture: 'amd64' };
const indexOf = (...manifests: ImageDescriptor[]): ImageDescriptor =>
  put({ schemaVersion: 2, manifests }, MEDIA_TYPE.index);

describe('an image', () => {
  it('of an index is the one for the platform', () => {
    const [arm, intel] = [putImage('arm64'), putImage('amd64')];
    const read = readImage(store, indexOf(arm, intel), amd64);
    expect(read.descriptor.digest).toBe(intel.digest);
    expect(read.config.architecture).toBe('amd64');
    expect(layerSources(store, read)).toEqual([
      { blob: store.path(digestOf(Buffer.from('layer'))), diffId: digestOf(Buffer.from('layer')) },
    ]);
  });

  it('may be in an index in an index', () => {
    const inner = { ...indexOf(putImage('amd64')), platform: amd64 };
    expect(readImage(store, indexOf(inner), amd64).config.architecture).toBe('amd64');
  });

  it('for nobody here is an error that names those it is for', () => {
    const target = indexOf(putImage('arm64'), putImage('s390x'));
    expect(() => readImage(store, target, amd64)).toThrow(
      /no image for linux\/amd64; it has linux\/arm64, linux\/s390x/,
    );
  });
});

describe('what is no image', () => {
  it('indexes nested beyond reason are refused', () => {
    let target = putImage('amd64');
    for (let depth = 0; depth < 10; depth++) target = { ...indexOf(target), platform: amd64 };
    expect(() => readImage(store, target, amd64)).toThrow(/indexes in each other/);
  });

  it('an artifact is told from an image', () => {
    const config = put('{}', MEDIA_TYPE.empty);
    const target = put({ schemaVersion: 2, config, layers: [config] }, MEDIA_TYPE.manifest);
    expect(() => readImage(store, target)).toThrow(/is an artifact/);
  });

  it('layers without their DiffIDs are refused', () => {
    expect(() => readImage(store, putImage('amd64', 2, 1), amd64)).toThrow(
      /2 layers.*DiffIDs for 1/,
    );
  });

  it('a layer that is no archive is refused', () => {
    const config = put(
      { ...amd64, rootfs: { type: 'layers', diff_ids: [digestOf(Buffer.from(''))] } },
      MEDIA_TYPE.config,
    );
    const layer = put('x', 'text/plain');
    const target = put({ schemaVersion: 2, config, layers: [layer] }, MEDIA_TYPE.manifest);
    expect(() => readImage(store, target)).toThrow(/text\/plain, which is no layer/);
  });

  it('a size that is not the announced one is refused', () => {
    const target = putImage('amd64');
    expect(() => readImage(store, { ...target, size: target.size + 1 })).toThrow(/were announced/);
  });

  it('a document of megabytes is refused before it is read', () => {
    const target = put(' '.repeat(5 << 20), MEDIA_TYPE.manifest);
    expect(() => readImage(store, target)).toThrow(/at most/);
  });

  it('content that is missing is named', () => {
    const target = putImage('amd64');
    store.delete(target.digest);
    expect(() => readImage(store, target)).toThrow(target.digest);
  });
});
