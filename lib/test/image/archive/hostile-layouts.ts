/** Layouts that nobody can have made honestly, or that were damaged, and what is said of them. */
import { gzipSync } from 'node:zlib';
import { MEDIA_TYPE, type Digest, type ImageDescriptor } from '../../../src/oci/index.ts';
import { digestOf } from '../tar/archive.ts';
import {
  blobFile,
  Blobs,
  configOf,
  layerTar,
  layoutFiles,
  sample,
  text,
  type Files,
} from './sample.ts';

const MANY = 10_001;
const INVALID = 'ERR_CONFIG_INVALID';

/** The layout of an image, changed. */
export function sampleFiles(
  change: (files: Files, image: ReturnType<typeof sample>) => void,
): Files {
  const image = sample();
  const files = layoutFiles(image.blobs, [image.manifest]);
  change(files, image);
  return files;
}

/** A layout of one document, written as it is said to be. */
function one(mediaType: string, document: unknown): Files {
  const blobs = new Blobs();
  return layoutFiles(blobs, [blobs.add(mediaType, document)]);
}

/** An image below so many indexes. */
export function nested(depth: number): Files {
  const { blobs, manifest } = sample();
  let top = manifest;
  for (let at = 0; at < depth; at++) top = blobs.index([top]);
  return layoutFiles(blobs, [top]);
}

function nowhere(at: number): ImageDescriptor {
  return { mediaType: MEDIA_TYPE.manifest, digest: digestOf(Buffer.from(`${at}`)), size: 10 };
}

const layer = digestOf(Buffer.from('x'));
const config = { mediaType: MEDIA_TYPE.config, digest: layer, size: 1 };

export const LAYOUTS: [what: string, files: () => Files, code: string, words: string][] = [
  [
    'lacks a layer',
    () => sampleFiles((files, { layers }) => files.delete(blobFile(layers[1]?.digest ?? ''))),
    'NOT_FOUND',
    digestOf(gzipSync(layerTar(`second ${process.arch === 'arm64' ? 'arm64' : 'amd64'}`))),
  ],
  [
    'lacks its config',
    () => sampleFiles((files, image) => files.delete(blobFile(image.config.digest))),
    'NOT_FOUND',
    MEDIA_TYPE.config,
  ],
  [
    'lacks its manifest',
    () => sampleFiles((files, image) => files.delete(blobFile(image.manifest.digest))),
    'NOT_FOUND',
    'its index needs',
  ],
  [
    'lacks every image of its index',
    () =>
      layoutFiles(
        ...((blobs) => [blobs, [blobs.index([nowhere(1), nowhere(2)])]] as const)(new Blobs()),
      ),
    'NOT_FOUND',
    nowhere(1).digest,
  ],
  [
    'has a blob of another digest',
    () =>
      sampleFiles((files, image) => files.set(blobFile(image.config.digest), text(configOf([])))),
    'BAD_CONTENT',
    'blobs/sha256/',
  ],
  [
    'has a blob that was changed, of the same size',
    () =>
      sampleFiles((files, { layers, blobs }) => {
        const [{ digest } = nowhere(0)] = layers;
        files.set(blobFile(digest), Buffer.alloc(blobs.all.get(digest)?.length ?? 0));
      }),
    'BAD_CONTENT',
    'its digest is',
  ],
  [
    'announces another size',
    () =>
      sampleFiles((files, { manifest }) =>
        files.set(
          'index.json',
          text({ schemaVersion: 2, manifests: [{ ...manifest, size: manifest.size + 1 }] }),
        ),
      ),
    'BAD_CONTENT',
    'bytes',
  ],
  [
    'has an index that names itself',
    () => {
      const blobs = new Blobs();
      const self: Digest = digestOf(Buffer.from('self'));
      const bytes = text({
        schemaVersion: 2,
        manifests: [{ mediaType: MEDIA_TYPE.index, digest: self, size: 300 }],
      });
      blobs.all.set(self, bytes);
      return layoutFiles(blobs, [
        { mediaType: MEDIA_TYPE.index, digest: self, size: bytes.length },
      ]);
    },
    'BAD_CONTENT',
    'its digest is',
  ],
  ['has nine indexes in each other', () => nested(9), 'TOO_LARGE', 'in each other'],
  [
    'has an index of too many images',
    () =>
      one(MEDIA_TYPE.index, {
        schemaVersion: 2,
        manifests: Array.from({ length: MANY }, (_, at) => nowhere(at)),
      }),
    'TOO_LARGE',
    'pieces',
  ],
  [
    'has a manifest of too many layers',
    () =>
      sampleFiles((files, image) => {
        const layers = Array.from({ length: MANY }, () => image.layers[0]);
        const bytes = text({ schemaVersion: 2, config: image.config, layers });
        files.set(blobFile(digestOf(bytes)), bytes);
        const top = { mediaType: MEDIA_TYPE.manifest, digest: digestOf(bytes), size: bytes.length };
        files.set('index.json', text({ schemaVersion: 2, manifests: [top] }));
      }),
    'TOO_LARGE',
    'pieces',
  ],
  [
    'has a manifest that is an index too',
    () => one(MEDIA_TYPE.manifest, { schemaVersion: 2, config, layers: [], manifests: [] }),
    INVALID,
    'would not agree',
  ],
  [
    'has an index that is called a manifest',
    () => one(MEDIA_TYPE.manifest, { schemaVersion: 2, manifests: [] }),
    INVALID,
    '',
  ],
  [
    'is of schema 1',
    () =>
      one('application/vnd.docker.distribution.manifest.v1+prettyjws', {
        schemaVersion: 1,
        fsLayers: [],
      }),
    INVALID,
    '2016',
  ],
  [
    'is of schema 1 and hides it',
    () => one(MEDIA_TYPE.manifest, { schemaVersion: 1, fsLayers: [] }),
    INVALID,
    '2016',
  ],
  ['has a manifest that is no JSON', () => one(MEDIA_TYPE.manifest, Buffer.from('{')), INVALID, ''],
  [
    'has a digest that is a path',
    () =>
      sampleFiles((files) =>
        files.set(
          'index.json',
          text({
            schemaVersion: 2,
            manifests: [{ ...nowhere(1), digest: 'sha256:../../../etc/passwd' }],
          }),
        ),
      ),
    INVALID,
    'digest',
  ],
  [
    'names a layer as its image',
    () => one(MEDIA_TYPE.layer, layerTar('x')),
    'INVALID_ARGUMENT',
    'no image',
  ],
  [
    'has a manifest for an index.json',
    () =>
      sampleFiles((files) =>
        files.set('index.json', text({ schemaVersion: 2, config, layers: [] })),
      ),
    INVALID,
    '',
  ],
  [
    'has no JSON in index.json',
    () => sampleFiles((files) => files.set('index.json', Buffer.from('no'))),
    INVALID,
    '',
  ],
  [
    'has an index.json without end',
    () => sampleFiles((files) => files.set('index.json', Buffer.alloc(5 << 20, ' '))),
    'TOO_LARGE',
    'index.json',
  ],
  [
    'has a manifest without end',
    () => one(MEDIA_TYPE.manifest, Buffer.alloc(5 << 20, ' ')),
    'TOO_LARGE',
    '',
  ],
];
