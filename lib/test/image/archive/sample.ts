/** Images made by hand, as layouts, as archives of them, and as `docker save` wrote them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { MEDIA_TYPE, type Digest, type ImageDescriptor } from '../../../src/oci/index.ts';
import { archive, digestOf, file, node } from '../tar/archive.ts';

/** Files of a layout or an archive by their names; `null` is a folder. */
export type Files = Map<string, Buffer | null>;

export const NAME = 'docker.io/library/sample:1';

/** Blobs by digest, and a descriptor for each that is added. */
export class Blobs {
  readonly all = new Map<Digest, Buffer>();

  add(mediaType: string, content: unknown): ImageDescriptor {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    const digest = digestOf(bytes);
    this.all.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  manifest(config: ImageDescriptor, layers: readonly ImageDescriptor[]): ImageDescriptor {
    const mediaType = MEDIA_TYPE.manifest;
    return this.add(mediaType, { schemaVersion: 2, mediaType, config, layers });
  }

  index(manifests: readonly ImageDescriptor[]): ImageDescriptor {
    const mediaType = MEDIA_TYPE.index;
    return this.add(mediaType, { schemaVersion: 2, mediaType, manifests });
  }
}

export interface Sample {
  readonly blobs: Blobs;
  readonly index: ImageDescriptor;
  readonly manifest: ImageDescriptor;
  readonly config: ImageDescriptor;
  /** The first plain, the second gzip. */
  readonly layers: readonly ImageDescriptor[];
  /** Of another platform. */
  readonly other: ImageDescriptor;
}

export function layerTar(content: string): Buffer {
  return archive(file('hello', content));
}

export function configOf(diffIds: readonly Digest[], architecture = 'amd64'): object {
  return { architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: diffIds } };
}

export function sample(): Sample {
  const blobs = new Blobs();
  const image = (architecture: string) => {
    const tars = ['first', 'second'].map((each) => layerTar(`${each} ${architecture}`));
    const [plain = Buffer.alloc(0), other = Buffer.alloc(0)] = tars;
    const config = blobs.add(MEDIA_TYPE.config, configOf(tars.map(digestOf), architecture));
    const layers = [
      blobs.add(MEDIA_TYPE.layer, plain),
      blobs.add(MEDIA_TYPE.layerGzip, gzipSync(other)),
    ];
    const platform = { architecture, os: 'linux' };
    return { config, layers, manifest: blobs.manifest(config, layers), platform };
  };
  const own = image(process.arch === 'arm64' ? 'arm64' : 'amd64');
  const foreign = image('riscv64');
  const index = blobs.index(
    [own, foreign].map(({ manifest, platform }) => ({ ...manifest, platform })),
  );
  return { ...own, blobs, index, other: foreign.manifest };
}

/** An entry of `index.json` with a name. */
export function named(descriptor: ImageDescriptor, name = NAME): ImageDescriptor {
  return { ...descriptor, annotations: { 'io.containerd.image.name': name } };
}

export function blobFile(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** The files of a layout with these images. */
export function layoutFiles(blobs: Blobs, images: readonly ImageDescriptor[]): Files {
  const index = { schemaVersion: 2, manifests: images };
  return new Map<string, Buffer | null>([
    ['oci-layout', Buffer.from('{"imageLayoutVersion": "1.0.0"}')],
    ['index.json', Buffer.from(JSON.stringify(index))],
    ...[...blobs.all].map(([digest, bytes]) => [blobFile(digest), bytes] as const),
  ]);
}

export function writeFolder(folder: string, files: Files): string {
  for (const [name, bytes] of files) {
    const at = path.join(folder, name);
    mkdirSync(path.dirname(at), { recursive: true });
    if (bytes !== null) writeFileSync(at, bytes);
  }
  return folder;
}

export function tarOf(files: Files): Buffer {
  return archive(
    ...[...files].map(([name, bytes]) => (bytes === null ? node(`${name}/`) : file(name, bytes))),
  );
}

export const text = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
