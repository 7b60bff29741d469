/**
 * An image from a registry into the store:
 *
 *     name ─▶ index ─▶ chosen manifests ─▶ config and layers, several at once
 *
 * Content comes before what refers to it: a manifest is committed when all that it needs is there,
 * with the labels that keep it.
 */
import {
  childLabels,
  childrenOf,
  isDocument,
  MAX_INDEX_DEPTH,
  type Content,
} from '../../image/index.ts';
import {
  MAX_DOCUMENT_SIZE,
  type Digest,
  type ImageDescriptor,
  type ImageIndex,
} from '../../oci/index.ts';
import { canonicalName } from '#parts/registry/reference.ts';
import { RegistryError } from '../errors.ts';
import type { Clock } from '../http/clock.ts';
import { withDefaultTag, type Reference } from '../reference.ts';
import { fetchBlob } from './blob.ts';
import type { Connections } from './connections.ts';
import { isKept, storeBytes } from './ingest.ts';
import { sourceLabels } from './labels.ts';
import { inLanes } from './lanes.ts';
import { fetchManifest, headManifest, readDocument, type FetchedManifest } from './manifest.ts';
import type { OnProgress, Progress } from './progress.ts';
import { readFromAny } from './sources.ts';

/** How an image is pulled. */
export interface PullOptions {
  /** Which of an index's manifests; default all of them. */
  readonly choose?: (index: ImageIndex) => readonly ImageDescriptor[];
  /** The lease, by its id, that keeps everything until a name does. */
  readonly lease?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Blobs that are fetched at the same time, as docker does. */
const LANES = 3;
/** Documents, configs and layers of one pull. */
const MAX_DESCRIPTORS = 10_000;

export class Pull {
  readonly #connections: Connections;
  readonly #reference: Reference;
  readonly #content: Content;
  readonly #clock: Clock;
  readonly #options: PullOptions;
  readonly #seen = new Set<string>();
  #count = 0;

  constructor(
    connections: Connections,
    reference: Reference,
    content: Content,
    clock: Clock,
    options: PullOptions,
  ) {
    this.#connections = connections;
    this.#reference = withDefaultTag(reference);
    this.#content = content;
    this.#clock = clock;
    this.#options = options;
  }

  /** @returns the descriptor of what the name means: an index or a manifest. */
  async run(): Promise<ImageDescriptor> {
    const root = (await this.#known()) ?? (await this.#fetch(this.#reference));
    this.#seen.add(root.descriptor.digest);
    this.#tell('resolved', root.descriptor);
    await this.#take(root, 0);
    return root.descriptor;
  }

  /** HEAD costs less than GET, and where pulls are counted it is free. */
  async #known(): Promise<FetchedManifest | undefined> {
    const { signal } = this.#options;
    const reference = this.#reference;
    if (reference.digest !== undefined) {
      return this.#stored(reference.digest, '');
    }
    try {
      const head = await readFromAny(this.#connections, reference.domain, signal, (connection) =>
        headManifest(connection, reference, signal),
      );
      return head && this.#stored(head.digest, head.mediaType);
    } catch (error) {
      // Some registries do not know HEAD; what they say to GET counts.
      signal?.throwIfAborted();
      const told = error instanceof RegistryError && error.code !== 'UNSUPPORTED';
      if (told) throw error;
      return undefined;
    }
  }

  #stored(digest: Digest, mediaType: string, size?: number): FetchedManifest | undefined {
    if (!this.#content.has(digest)) return undefined;
    const bytes = this.#content.read(digest, MAX_DOCUMENT_SIZE);
    if (size !== undefined && size !== bytes.length) return undefined;
    const read = readDocument(bytes, mediaType, digest);
    const descriptor = { mediaType: read.mediaType, digest, size: bytes.length };
    return { descriptor, bytes, document: read.document };
  }

  async #fetch(reference: Reference, expected?: ImageDescriptor): Promise<FetchedManifest> {
    const { signal } = this.#options;
    return readFromAny(this.#connections, reference.domain, signal, (connection) =>
      fetchManifest(connection, reference, { expected, signal }),
    );
  }

  async #take(fetched: FetchedManifest, depth: number): Promise<void> {
    const { document, descriptor } = fetched;
    const { choose } = this.#options;
    const children =
      document.kind === 'index' && choose !== undefined
        ? choose(document.index)
        : childrenOf(document);
    const fresh = this.#unseen(children);
    if (depth > MAX_INDEX_DEPTH) {
      throw this.#tooMuch(`more than ${MAX_INDEX_DEPTH} indexes in each other`);
    }
    for (const child of fresh.filter(isDocument)) {
      const stored = this.#stored(child.digest, child.mediaType, child.size);
      await this.#take(stored ?? (await this.#fetchChild(child)), depth + 1);
    }
    const blobs = fresh.filter((child) => !isDocument(child));
    for (const blob of blobs) this.#tell('waiting', blob);
    await inLanes(blobs, LANES, this.#options.signal, (blob, signal) => this.#blob(blob, signal));
    await this.#keep(fetched);
    this.#tell('done', descriptor, descriptor.size);
  }

  async #fetchChild(child: ImageDescriptor): Promise<FetchedManifest> {
    const { domain, path } = this.#reference;
    return this.#fetch({ domain, path, digest: child.digest }, child);
  }

  async #blob(descriptor: ImageDescriptor, signal: AbortSignal): Promise<void> {
    const { digest, size } = descriptor;
    const { lease } = this.#options;
    const labels = sourceLabels(this.#content, digest, this.#reference);
    if (isKept(this.#content, descriptor, lease)) {
      this.#content.label(digest, labels);
      this.#tell('exists', descriptor, size);
      return;
    }
    const onOffset = (offset: number): void => this.#tell('transferring', descriptor, offset);
    await readFromAny(this.#connections, this.#reference.domain, signal, (connection) =>
      fetchBlob(connection, this.#reference, descriptor, this.#content, {
        lease,
        labels,
        onOffset,
        signal,
        clock: this.#clock,
      }),
    );
    this.#tell('done', descriptor, size);
  }

  async #keep({ descriptor, bytes, document }: FetchedManifest): Promise<void> {
    await storeBytes(this.#content, descriptor, bytes, {
      lease: this.#options.lease,
      labels: {
        ...childLabels(document),
        ...sourceLabels(this.#content, descriptor.digest, this.#reference),
      },
      signal: this.#options.signal,
      clock: this.#clock,
    });
  }

  #unseen(children: readonly ImageDescriptor[]): ImageDescriptor[] {
    this.#count += children.length;
    if (this.#count > MAX_DESCRIPTORS) throw this.#tooMuch(`more than ${MAX_DESCRIPTORS} pieces`);
    return children.filter(({ digest }) => {
      const seen = this.#seen.has(digest);
      this.#seen.add(digest);
      return !seen;
    });
  }

  #tooMuch(what: string): RegistryError {
    const name = canonicalName(this.#reference);
    return new RegistryError('TOO_LARGE', `${name} is not pulled: it has ${what}`);
  }

  #tell(status: Progress['status'], descriptor: ImageDescriptor, offset = 0): void {
    this.#options.onProgress?.({ status, descriptor, offset });
  }
}
