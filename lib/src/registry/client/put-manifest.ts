/** Manifests into a registry, and out of it (distribution-spec, "Pushing Manifests"). */
import { splitDigest, type ImageDescriptor } from '../../oci/index.ts';
import { canonicalName } from '#parts/registry/reference.ts';
import { RegistryError, shown } from '../errors.ts';
import { refusal } from '../http/refusal.ts';
import { manifestName, type Reference } from '../reference.ts';
import { bytesBody, type Connection } from './connection.ts';
import { digestOf, readDocument } from './manifest.ts';
import { addToFallback } from './referrers-fallback.ts';
import { pushScopes } from './scopes.ts';

/**
 * Puts a document under the reference's digest or, without one, its tag.
 *
 * A registry that says nothing of its `subject` keeps no list of referrers: then the list is kept in
 * a tag (distribution-spec, "Pushing Manifests with Subject").
 *
 * @throws RegistryError DENIED, …; BAD_RESPONSE if the registry took it for something else.
 */
export async function putManifest(
  connection: Connection,
  reference: Reference,
  bytes: Buffer,
  mediaType: string,
  signal?: AbortSignal,
): Promise<ImageDescriptor> {
  const { document } = readDocument(bytes, mediaType, canonicalName(reference));
  const reply = await connection.request({
    method: 'PUT',
    at: `${reference.path}/manifests/${manifestName(reference)}`,
    scopes: pushScopes(reference),
    headers: { 'content-type': mediaType },
    body: bytesBody(bytes),
    signal,
  });
  if (reply.status !== 201) throw await refusal(reply, `push ${canonicalName(reference)}`);
  await reply.discard();
  const digest = reference.digest ?? digestOf(bytes);
  const said = reply.headers['docker-content-digest'];
  if (typeof said === 'string' && said !== digest && isSameAlgorithm(said, digest)) {
    const message = `${reply.url.host} took ${digest} for ${shown(said)}`;
    throw new RegistryError('BAD_RESPONSE', message);
  }
  const descriptor = { mediaType, digest, size: bytes.length };
  const whole = document.kind === 'index' ? document.index : document.manifest;
  if (whole.subject !== undefined && reply.headers['oci-subject'] === undefined) {
    await addToFallback(
      connection,
      reference,
      whole.subject.digest,
      describe(descriptor, whole),
      signal,
    );
  }
  return descriptor;
}

/** What a list of referrers says about one: also what kind it is, and its annotations. */
export function describe(
  descriptor: ImageDescriptor,
  document: {
    readonly artifactType?: string;
    readonly config?: ImageDescriptor;
    readonly annotations?: Record<string, string>;
  },
): ImageDescriptor {
  const artifactType = document.artifactType ?? document.config?.mediaType;
  return {
    ...descriptor,
    ...(artifactType !== undefined && { artifactType }),
    ...(document.annotations !== undefined && { annotations: document.annotations }),
  };
}

function isSameAlgorithm(said: string, digest: ImageDescriptor['digest']): boolean {
  return said.startsWith(`${splitDigest(digest).algorithm}:`);
}
