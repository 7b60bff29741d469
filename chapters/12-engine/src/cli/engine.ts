/**
 * Where the layers of images are put together: a content store, snapshots, and registries, in one
 * folder.
 *
 *     ROOT/content/      blobs, names and leases
 *     ROOT/snapshots/    layers, unpacked
 *     ROOT/registry/     what `coracle registry serve` has by name
 */
import path from 'node:path';
import { openContentStore, type ContentStore, type Lease } from 'coracle/image';
import { openSnapshotter, type Snapshotter } from 'coracle/overlayfs';
import { dockerKeychain, Registry } from 'coracle/registry';

/** Who of the labels that name a snapshot means ours. */
export const SNAPSHOTTER = 'coracle';

const DAY = 86_400_000;

/** Everything in one folder, opened when it is needed. */
export class Engine implements Disposable {
  readonly root: string;
  readonly keychain: ReturnType<typeof dockerKeychain> = dockerKeychain();
  #content: ContentStore | undefined;
  #snapshotter: Snapshotter | undefined;

  constructor(root: string) {
    this.root = path.resolve(root);
  }

  get content(): ContentStore {
    this.#content ??= openContentStore(path.join(this.root, 'content'));
    return this.#content;
  }

  async snapshotter(): Promise<Snapshotter> {
    this.#snapshotter ??= (await openSnapshotter(path.join(this.root, 'snapshots'))).snapshotter;
    return this.#snapshotter;
  }

  /** Keeps what a command brings until it has a name; if the command is killed, for a day. */
  passingLease(): Lease {
    return this.content.leases.create({ expires: new Date(Date.now() + DAY) });
  }

  /** @param insecure hosts that may be asked in the clear. */
  registry(insecure: readonly string[] = []): Registry {
    return new Registry({ keychain: this.keychain, insecure });
  }

  [Symbol.dispose](): void {
    this.#content?.close();
    this.#snapshotter?.close();
  }
}
