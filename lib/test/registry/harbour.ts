import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ContentStore } from '../../src/image/index.ts';
import type { Digest } from '../../src/oci/index.ts';
import {
  folderNames,
  parseReference,
  Registry,
  serveRegistry,
  type Reference,
  type RegistryServer,
  type ServeOptions,
} from '../../src/registry/index.ts';
import { digestOf, sampleImage, type SampleImage } from './sample-image.ts';

/** A server with its own store, a client with another, and an image in the client's. */
export class Harbour implements AsyncDisposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'coracle-registry-'));
  readonly local = new ContentStore(path.join(this.folder, 'local'), { durable: false });
  readonly remote = new ContentStore(path.join(this.folder, 'remote'), { durable: false });
  readonly image: SampleImage;
  readonly client: Registry;
  /** What the server did not expect. */
  readonly errors: unknown[] = [];
  server!: RegistryServer;

  private constructor(image: SampleImage) {
    this.image = image;
    this.client = new Registry({
      certificates: path.join(this.folder, 'certs.d'),
      environment: {},
    });
    for (const bytes of image.blobs.values()) {
      this.add(bytes);
    }
  }

  static async open(options: Partial<ServeOptions> = {}): Promise<Harbour> {
    const harbour = new Harbour(sampleImage(50_000, 3));
    harbour.server = await serveRegistry({
      content: harbour.remote,
      names: folderNames(path.join(harbour.folder, 'names')),
      onError: (error) => harbour.errors.push(error),
      ...options,
    });
    return harbour;
  }

  /** A name in the server. */
  name(rest: string): Reference {
    return parseReference(`${this.server.host}/${rest}`);
  }

  /** Puts bytes into the client's store. */
  add(bytes: Buffer): Digest {
    using ingest = this.local.ingest(digestOf(bytes));
    ingest.write(bytes);
    return ingest.commit({}).digest;
  }

  /** A request by hand, for a path below `/v2/`. */
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
