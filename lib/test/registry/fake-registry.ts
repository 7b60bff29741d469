/** A registry that serves an image and, where a test says so, misbehaves. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { Digest } from '../../src/oci/index.ts';
import type { SampleImage } from './sample-image.ts';

/** One request that came. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

/** Answers a request itself and returns true, or leaves it to the registry. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export class FakeRegistry implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly blobs: Map<string, Buffer>;
  /** Media types by digest, of manifests. */
  readonly types = new Map<string, string>();
  /** Digests by tag. */
  readonly tags = new Map<string, Digest>();
  fault: Fault = () => false;
  readonly #server: Server;

  private constructor(image: SampleImage | undefined) {
    this.blobs = new Map(image?.blobs);
    if (image !== undefined) {
      this.tags.set('v1', image.index.digest);
      for (const { digest, mediaType } of [image.index, image.manifest, image.otherManifest]) {
        this.types.set(digest, mediaType);
      }
    }
    this.#server = createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      this.seen.push({ method, url, headers });
      if (!this.fault(request, response)) this.serve(request, response);
    });
  }

  static async start(image?: SampleImage): Promise<FakeRegistry> {
    const registry = new FakeRegistry(image);
    registry.#server.listen(0, '127.0.0.1');
    await once(registry.#server, 'listening');
    return registry;
  }

  /** `127.0.0.1:PORT`. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The requests for paths that hold this text. */
  requests(text: string): Seen[] {
    return this.seen.filter(({ url }) => url.includes(text));
  }

  /** Connections that are open. */
  async connections(): Promise<number> {
    return promisify(this.#server.getConnections.bind(this.#server))();
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    const [, kind = '', name = ''] = /\/(manifests|blobs)\/([^/?]+)$/.exec(request.url ?? '') ?? [];
    const digest = this.tags.get(name) ?? name;
    const bytes = this.blobs.get(digest);
    if (bytes === undefined) {
      const found = request.url === '/v2/';
      response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    const isManifest = kind === 'manifests';
    const type = isManifest ? (this.types.get(digest) ?? '') : 'application/octet-stream';
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const headers = { 'content-type': type, 'docker-content-digest': digest };
    if (start > 0) {
      const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
      response.writeHead(206, { ...headers, 'content-range': range });
    } else response.writeHead(200, { ...headers, 'content-length': bytes.length });
    response.end(request.method === 'HEAD' ? undefined : bytes.subarray(start));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
