import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ContentStore } from '../../src/image/index.ts';
import { MEDIA_TYPE } from '../../src/oci/index.ts';
import {
  folderNames,
  parseReference,
  Registry,
  serveRegistry,
  type RegistryServer,
  type ServeOptions,
} from '../../src/registry/index.ts';
import { bytesOf, digestOf, sampleImage, type SampleImage } from './sample-image.ts';

/** A server with its own store, a client with another, and an image in the client's. */
class Harbour implements AsyncDisposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'coracle-registry-'));
  readonly local = new ContentStore(path.join(this.folder, 'local'), { durable: false });
  readonly remote = new ContentStore(path.join(this.folder, 'remote'), { durable: false });
  readonly image: SampleImage;
  readonly client: Registry;
  server!: RegistryServer;

  private constructor(image: SampleImage) {
    this.image = image;
    this.client = new Registry({
      certificates: path.join(this.folder, 'certs.d'),
      environment: {},
    });
    for (const bytes of image.blobs.values()) {
      using ingest = this.local.ingest(digestOf(bytes));
      ingest.write(bytes);
      ingest.commit({});
    }
  }

  static async open(options: Partial<ServeOptions> = {}): Promise<Harbour> {
    const harbour = new Harbour(sampleImage(50_000, 3));
    harbour.server = await serveRegistry({
      content: harbour.remote,
      names: folderNames(path.join(harbour.folder, 'names')),
      onError: (error) => expect.unreachable(String(error)),
      ...options,
    });
    return harbour;
  }

  name(rest: string): ReturnType<typeof parseReference> {
    return parseReference(`${this.server.host}/${rest}`);
  }

  async fetch(at: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`http://${this.server.host}/v2/${at}`, init);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.server.close();
    this.local.close();
    this.remote.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

it.each([undefined, 7, 20_000])(
  'takes an image in chunks of %s bytes, and gives it back',
  async (chunkSize) => {
    await using harbour = await Harbour.open();
    const { client, image, folder } = harbour;
    if (chunkSize === 7) image.layers.forEach(({ digest }) => void digest);
    await client.push(image.index, harbour.name('team/app:v1'), harbour.local, {
      ...(chunkSize !== undefined && { chunkSize: chunkSize === 7 ? 7_000 : chunkSize }),
    });
    using again = new ContentStore(path.join(folder, 'again'), { durable: false });

    const root = await client.pull(harbour.name('team/app:v1'), again);

    expect(root).toEqual(image.index);
    for (const [digest, bytes] of image.blobs) expect(again.read(digest)).toEqual(bytes);
    expect(MEDIA_TYPE.index).toBe(root.mediaType);
    void bytesOf;
  },
);
