/**
 * An image from the store into a registry, children first: a registry may refuse a manifest whose
 * blobs it lacks, and nobody must find a tag whose image is not there.
 */
import { messageOf } from '../../base/index.ts';
import {
  childrenOf,
  ImageError,
  isDocument,
  MAX_INDEX_DEPTH,
  type Content,
} from '../../image/index.ts';
import {
  isForeignLayer,
  MAX_DOCUMENT_SIZE,
  type Digest,
  type ImageDescriptor,
  type ManifestOrIndex,
} from '../../oci/index.ts';
import { canonicalName } from '#parts/registry/reference.ts';
import { RegistryError } from '../errors.ts';
import { withDefaultTag, type Reference } from '../reference.ts';
import type { Connection } from './connection.ts';
import { sourceLabels, sourcesOf } from './labels.ts';
import { inLanes } from './lanes.ts';
import { readDocument } from './manifest.ts';
import type { OnProgress, Progress } from './progress.ts';
import { putManifest } from './put-manifest.ts';
import { uploadBlob } from './upload.ts';

/** How an image is pushed. */
export interface PushOptions {
  /** Bytes of one request; without it each blob is sent in one. */
  readonly chunkSize?: number;
  /** Layers that their licence forbids to hand on are left out, unless this is set. */
  readonly foreignLayers?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const LANES = 3;

export class Push {
  readonly #connection: Connection;
  readonly #reference: Reference;
  readonly #content: Content;
  readonly #options: PushOptions;
  readonly #pushed = new Set<Digest>();

  constructor(
    connection: Connection,
    reference: Reference,
    content: Content,
    options: PushOptions,
  ) {
    this.#connection = connection;
    this.#reference = withDefaultTag(reference);
    this.#content = content;
    this.#options = options;
  }

  async run(root: ImageDescriptor): Promise<void> {
    const { digest } = this.#reference;
    if (digest !== undefined && digest !== root.digest) {
      const message = `what is to be pushed as ${canonicalName(this.#reference)} is ${root.digest}`;
      throw new RegistryError('INVALID_ARGUMENT', message);
    }
    await this.#document(root, this.#reference, 0);
  }

  async #document(descriptor: ImageDescriptor, as: Reference, depth: number): Promise<void> {
    if (this.#pushed.has(descriptor.digest)) return;
    if (depth > MAX_INDEX_DEPTH) {
      const message = `${descriptor.digest} is not pushed: more than ${MAX_INDEX_DEPTH} indexes in each other`;
      throw new RegistryError('TOO_LARGE', message);
    }
    const { bytes, document } = this.#read(descriptor);
    const children = eachOnce(childrenOf(document));
    const { domain, path } = this.#reference;
    for (const child of children.filter(isDocument)) {
      await this.#document(child, { domain, path, digest: child.digest }, depth + 1);
    }
    const blobs = children.filter((child) => !isDocument(child) && this.#isToPush(child));
    for (const blob of blobs) this.#tell('waiting', blob);
    await inLanes(blobs, LANES, this.#options.signal, (blob, signal) => this.#blob(blob, signal));
    await putManifest(this.#connection, as, bytes, descriptor.mediaType, this.#options.signal);
    this.#pushed.add(descriptor.digest);
    this.#tell('done', descriptor, descriptor.size);
  }

  async #blob(descriptor: ImageDescriptor, signal: AbortSignal): Promise<void> {
    const { digest, size } = descriptor;
    const { chunkSize } = this.#options;
    const { domain } = this.#reference;
    const status = await uploadBlob(this.#connection, this.#reference, descriptor, this.#content, {
      chunkSize,
      mountFrom: sourcesOf(this.#content, digest, domain),
      onOffset: (offset) => this.#tell('transferring', descriptor, offset),
      signal,
    });
    this.#pushed.add(digest);
    this.#content.label(digest, sourceLabels(this.#content, digest, this.#reference));
    this.#tell(status, descriptor, size);
  }

  #isToPush({ digest, mediaType }: ImageDescriptor): boolean {
    if (this.#pushed.has(digest)) return false;
    return this.#options.foreignLayers === true || !isForeignLayer(mediaType);
  }

  #read({ digest, mediaType }: ImageDescriptor): { bytes: Buffer; document: ManifestOrIndex } {
    try {
      const bytes = this.#content.read(digest, MAX_DOCUMENT_SIZE);
      return { bytes, document: readDocument(bytes, mediaType, digest).document };
    } catch (error) {
      if (!(error instanceof ImageError) || error.code !== 'NOT_FOUND') throw error;
      const next = 'pull all platforms of the image first, or push the manifest of one';
      const message = `${canonicalName(this.#reference)} cannot be pushed whole: ${messageOf(error)}`;
      throw new RegistryError('NOT_FOUND', `${message}; or ${next}`, { cause: error });
    }
  }

  #tell(status: Progress['status'], descriptor: ImageDescriptor, offset = 0): void {
    this.#options.onProgress?.({ status, descriptor, offset });
  }
}

/** An empty layer is often there several times. */
function eachOnce(children: readonly ImageDescriptor[]): ImageDescriptor[] {
  return [...new Map(children.map((child) => [child.digest, child])).values()];
}
