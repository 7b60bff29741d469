/** A registry of ours with one image in it, for tests that break what talks to it. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { openContentStore, type ContentStore } from 'coracle/image';
import { MEDIA_TYPE, type ImageDescriptor } from 'coracle/oci';
import { folderNames, serveRegistry, type RegistryServer } from 'coracle/registry';
import { archive, digestOf, file, node } from '../../lib/test/image/tar/archive.ts';

export interface ImageServer extends AsyncDisposable {
  /** What to pull. */
  readonly name: string;
  readonly server: RegistryServer;
  readonly content: ContentStore;
  readonly target: ImageDescriptor;
  /** Gives another document a tag. @returns what to pull. */
  put(tag: string, document: object, mediaType: string): string;
}

/** @param layers how many, each of some files of random bytes, `size` bytes in all. */
export async function serveImage(
  folder: string,
  layers: number,
  size: number,
): Promise<ImageServer> {
  mkdirSync(folder, { recursive: true });
  const content = openContentStore(path.join(folder, 'content'), { durable: false });
  const names = folderNames(path.join(folder, 'names'));
  const archives = Array.from({ length: layers }, (_, layer) => makeLayer(layer, size));
  const putBlob: Put = (bytes, mediaType) => {
    const digest = digestOf(bytes);
    using ingest = content.ingest(digest);
    ingest.write(bytes);
    ingest.commit({ digest, size: bytes.length, labels: { 'containerd.io/gc.root': 'test' } });
    names.putBlob(REPOSITORY, digest);
    return { mediaType, digest, size: bytes.length };
  };
  const target = putImage(archives, putBlob);
  names.putManifest(REPOSITORY, { descriptor: target }, 'latest');
  const server = await serveRegistry({ content, names });
  const put: ImageServer['put'] = (tag, document, mediaType) => {
    const descriptor = putBlob(Buffer.from(JSON.stringify(document)), mediaType);
    names.putManifest(REPOSITORY, { descriptor }, tag);
    return `${server.host}/${REPOSITORY}:${tag}`;
  };
  const end = async (): Promise<void> => {
    await server.close();
    content.close();
  };
  const name = `${server.host}/${REPOSITORY}:latest`;
  return { name, server, content, target, put, [Symbol.asyncDispose]: end };
}

const REPOSITORY = 'test/image';

type Put = (bytes: Buffer, mediaType: string) => ImageDescriptor;

function putImage(archives: readonly Buffer[], put: Put): ImageDescriptor {
  const config = {
    os: 'linux',
    architecture: process.arch === 'x64' ? 'amd64' : 'arm64',
    config: { Cmd: ['/bin/true'] },
    rootfs: { type: 'layers', diff_ids: archives.map(digestOf) },
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config: put(Buffer.from(JSON.stringify(config)), MEDIA_TYPE.config),
    layers: archives.map((each) => put(gzipSync(each, { level: 1 }), MEDIA_TYPE.layerGzip)),
  };
  return put(Buffer.from(JSON.stringify(manifest)), MEDIA_TYPE.manifest);
}

function makeLayer(layer: number, size: number): Buffer {
  const files = Array.from({ length: 10 }, (_, index) =>
    file(`layer-${layer}/file-${index}`, randomBytes(size / 20).toString('hex')),
  );
  return archive(node(`layer-${layer}/`), ...files);
}
