/** The client of registries (OCI distribution-spec 1.1). */
import type { Content } from '../../image/index.ts';
import type { ImageDescriptor } from '../../oci/index.ts';
import type { Reference } from '../reference.ts';
import { Connections } from './connections.ts';
import { settingsOf, type RegistryOptions, type Settings } from './options.ts';
import { Pull, type PullOptions } from './pull.ts';

/** All registries, through one set of connections, tokens and settings. */
export class Registry implements Disposable {
  readonly #settings: Settings;
  readonly #connections: Connections;

  constructor(options: RegistryOptions = {}) {
    this.#settings = settingsOf(options);
    this.#connections = new Connections(this.#settings);
  }

  /**
   * Brings an image into the store, and what it needs; what is there already is not fetched.
   *
   * @returns the descriptor of what the name means: an index or a manifest.
   * @throws RegistryError; after it, whatever came whole is in the store, under the lease only.
   */
  async pull(
    reference: Reference,
    content: Content,
    options: PullOptions = {},
  ): Promise<ImageDescriptor> {
    const { clock } = this.#settings;
    return new Pull(this.#connections, reference, content, clock, options).run();
  }

  /** Closes its connections, those in use too. */
  close(): void {
    this.#connections.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
