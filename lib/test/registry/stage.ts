/** What most tests of the client need: a store, a client with a clock of its own, a registry. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ContentStore } from '../../src/image/index.ts';
import { parseReference, Registry, type Reference } from '../../src/registry/index.ts';
import type { RegistryOptions } from '../../src/registry/client/options.ts';
import { FakeClock, STALL_TIMEOUT } from './fake-clock.ts';
import { FakeRegistry } from './fake-registry.ts';
import { sampleImage, type SampleImage } from './sample-image.ts';

export class Stage implements AsyncDisposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'coracle-registry-'));
  readonly clock = new FakeClock();
  readonly content = new ContentStore(path.join(this.folder, 'content'), { durable: false });
  readonly image: SampleImage;
  readonly server: FakeRegistry;
  readonly #clients: Registry[] = [];

  private constructor(image: SampleImage, server: FakeRegistry) {
    this.image = image;
    this.server = server;
  }

  static async set(image = sampleImage()): Promise<Stage> {
    return new Stage(image, await FakeRegistry.start(image));
  }

  client(options: RegistryOptions = {}): Registry {
    const client = new Registry({
      clock: this.clock,
      stallTimeout: STALL_TIMEOUT,
      certificates: path.join(this.folder, 'certs.d'),
      environment: {},
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** `app:v1` in the fake registry, or another there. */
  name(rest = 'app:v1'): Reference {
    return parseReference(`${this.server.host}/${rest}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.server[Symbol.asyncDispose]();
    this.content.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
