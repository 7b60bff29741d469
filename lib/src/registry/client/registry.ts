/** The client of registries (OCI distribution-spec 1.1). */
import type { Content, ContentInfo } from '../../image/index.ts';
import type { Digest, ImageDescriptor } from '../../oci/index.ts';
import type { Credentials } from '../auth/types.ts';
import { RegistryError } from '../errors.ts';
import { refusal } from '../http/refusal.ts';
import { withDefaultTag, type Reference } from '../reference.ts';
import { fetchBlob, type BlobOptions } from './blob.ts';
import { Connections } from './connections.ts';
import { listReferrers, listTags } from './lists.ts';
import { fetchManifest, headManifest, type Expected, type FetchedManifest } from './manifest.ts';
import { settingsOf, type RegistryOptions, type Settings } from './options.ts';
import { Pull, type PullOptions } from './pull.ts';
import { Push, type PushOptions } from './push.ts';
import { putManifest } from './put-manifest.ts';
import { remove } from './remove.ts';
import { readFromAny } from './sources.ts';
import { hasBlob, uploadBlob, type Uploaded } from './upload.ts';
import type { UploadOptions } from './upload-steps.ts';

/**
 * All registries, through one set of connections, tokens and settings.
 *
 * Every method throws RegistryError (UNREACHABLE, UNTRUSTED, STALLED, UNAUTHORIZED, DENIED,
 * NOT_FOUND, TOO_MANY_REQUESTS, UNAVAILABLE, BAD_RESPONSE, …) after the tries that `retry` allows,
 * and what its signal was aborted with.
 */
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
   * @throws RegistryError BAD_CONTENT, TOO_LARGE: nothing of the blob in question is kept. After any
   *   error, what came whole is in the store, under the lease only.
   */
  async pull(
    reference: Reference,
    content: Content,
    options: PullOptions = {},
  ): Promise<ImageDescriptor> {
    const { clock } = this.#settings;
    return new Pull(this.#connections, reference, content, clock, options).run();
  }

  /**
   * Puts an image of the store, and all that it needs, under a tag; children first.
   *
   * @throws RegistryError NOT_FOUND if the store lacks a part of it.
   */
  async push(
    root: ImageDescriptor,
    reference: Reference,
    content: Content,
    options: PushOptions = {},
  ): Promise<void> {
    const connection = await this.#connections.origin(reference.domain, options.signal);
    await new Push(connection, reference, content, options).run(root);
  }

  /** What a name means now, without fetching it where the registry can say so. */
  async resolve(reference: Reference, signal?: AbortSignal): Promise<ImageDescriptor> {
    const named = withDefaultTag(reference);
    return this.#read(named, signal, async (connection) => {
      const { digest, size, mediaType } = (await headManifest(connection, named, signal)) ?? {};
      const known = digest !== undefined && size !== undefined && mediaType !== undefined;
      const asked = named.digest === undefined || named.digest === digest;
      if (known && mediaType !== '' && asked) return { digest, size, mediaType };
      return (await fetchManifest(connection, named, { signal })).descriptor;
    });
  }

  /** @throws RegistryError BAD_CONTENT, TOO_LARGE if it is not what it must be. */
  async fetchManifest(
    reference: Reference,
    options: { readonly expected?: Expected; readonly signal?: AbortSignal } = {},
  ): Promise<FetchedManifest> {
    const named = withDefaultTag(reference);
    return this.#read(named, options.signal, (connection) =>
      fetchManifest(connection, named, options),
    );
  }

  /** Brings one blob into the store. @throws RegistryError BAD_CONTENT: nothing of it is kept. */
  async fetchBlob(
    reference: Reference,
    descriptor: ImageDescriptor,
    content: Content,
    options: BlobOptions = {},
  ): Promise<ContentInfo> {
    const { clock } = this.#settings;
    return this.#read(reference, options.signal, (connection) =>
      fetchBlob(connection, reference, descriptor, content, { clock, ...options }),
    );
  }

  /** Puts a document under the reference's digest or tag. */
  async pushManifest(
    reference: Reference,
    bytes: Buffer,
    mediaType: string,
    signal?: AbortSignal,
  ): Promise<ImageDescriptor> {
    const connection = await this.#connections.origin(reference.domain, signal);
    return putManifest(connection, withDefaultTag(reference), bytes, mediaType, signal);
  }

  /** Puts one blob of the store into the reference's repository. */
  async pushBlob(
    reference: Reference,
    descriptor: ImageDescriptor,
    content: Content,
    options: UploadOptions = {},
  ): Promise<Uploaded> {
    const connection = await this.#connections.origin(reference.domain, options.signal);
    return uploadBlob(connection, reference, descriptor, content, options);
  }

  /** Whether the reference's repository has a blob. */
  async hasBlob(
    reference: Reference,
    descriptor: ImageDescriptor,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const connection = await this.#connections.origin(reference.domain, signal);
    return hasBlob(connection, reference, descriptor, signal);
  }

  /** The tags of the reference's repository, in the registry's order, as they come. */
  async *tags(reference: Reference, signal?: AbortSignal): AsyncGenerator<string, void, undefined> {
    yield* listTags(await this.#connections.origin(reference.domain, signal), reference, signal);
  }

  /** What refers to a manifest; in a registry without such lists, what its tag for that says. */
  async referrers(
    reference: Reference,
    subject: Digest,
    options: { readonly artifactType?: string; readonly signal?: AbortSignal } = {},
  ): Promise<ImageDescriptor[]> {
    const connection = await this.#connections.origin(reference.domain, options.signal);
    return listReferrers(connection, reference, subject, options);
  }

  /** Deletes the manifest of a digest, with all its tags; or of a reference without one, its tag. */
  async deleteManifest(reference: Reference, signal?: AbortSignal): Promise<void> {
    const connection = await this.#connections.origin(reference.domain, signal);
    const name = reference.digest ?? reference.tag;
    if (name !== undefined) return remove(connection, reference, 'manifests', name, signal);
    const message = `say which manifest of ${reference.path} is to be deleted, by tag or digest`;
    throw new RegistryError('INVALID_ARGUMENT', message);
  }

  /** Deletes a blob from the reference's repository. */
  async deleteBlob(reference: Reference, digest: Digest, signal?: AbortSignal): Promise<void> {
    const connection = await this.#connections.origin(reference.domain, signal);
    return remove(connection, reference, 'blobs', digest, signal);
  }

  /**
   * Whether there is a registry, and whether it takes these credentials, or the keychain's.
   *
   * @throws RegistryError UNAUTHORIZED, UNSUPPORTED if it is no registry of this API, …
   */
  async ping(
    domain: string,
    {
      credentials,
      signal,
    }: { readonly credentials?: Credentials; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const connection =
      credentials === undefined
        ? await this.#connections.origin(domain, signal)
        : await this.#connections.as(domain, credentials, signal);
    const reply = await connection.request({ method: 'GET', at: '', scopes: [], signal });
    if (reply.status === 200) return reply.discard();
    throw await refusal(reply, `log in to ${domain}`);
  }

  /** Closes its connections, those in use too. */
  close(): void {
    this.#connections.close();
  }

  /** The same as `close`. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #read<T>(
    { domain }: Reference,
    signal: AbortSignal | undefined,
    read: Parameters<typeof readFromAny<T>>[3],
  ): Promise<T> {
    return readFromAny(this.#connections, domain, signal, read);
  }
}
