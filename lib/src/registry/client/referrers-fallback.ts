/**
 * Referrers of a manifest in a registry that keeps no list of them: in an index under a tag made of
 * the subject's digest (distribution-spec, "Referrers Tag Schema").
 *
 * Two clients who do this at the same time may lose one's entry; the specification knows no better.
 */
import { MEDIA_TYPE, type Digest, type ImageDescriptor } from '../../oci/index.ts';
import { RegistryError } from '../errors.ts';
import { refusal } from '../http/refusal.ts';
import type { Reference } from '../reference.ts';
import { bytesBody, type Connection } from './connection.ts';
import { fetchManifest } from './manifest.ts';
import { pushScopes } from './scopes.ts';

/** `sha256-…`: a digest, cut where a tag ends. */
function fallbackTag(digest: Digest): string {
  const [algorithm = '', encoded = ''] = digest.split(':');
  return `${algorithm.slice(0, 32)}-${encoded.slice(0, 64)}`;
}

/** What the tag has; nothing if there is no such tag. */
export async function readFallback(
  connection: Connection,
  { domain, path }: Reference,
  subject: Digest,
  signal?: AbortSignal,
): Promise<ImageDescriptor[]> {
  const reference = { domain, path, tag: fallbackTag(subject) };
  try {
    const { document } = await fetchManifest(connection, reference, { signal });
    return document.kind === 'index' ? document.index.manifests : [];
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'NOT_FOUND') return [];
    throw error;
  }
}

export async function addToFallback(
  connection: Connection,
  reference: Reference,
  subject: Digest,
  referrer: ImageDescriptor,
  signal?: AbortSignal,
): Promise<void> {
  const listed = await readFallback(connection, reference, subject, signal);
  if (listed.some(({ digest }) => digest === referrer.digest)) return;
  const index = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.index,
    manifests: [...listed, referrer],
  };
  const reply = await connection.request({
    method: 'PUT',
    at: `${reference.path}/manifests/${fallbackTag(subject)}`,
    scopes: pushScopes(reference),
    headers: { 'content-type': MEDIA_TYPE.index },
    body: bytesBody(Buffer.from(JSON.stringify(index))),
    signal,
  });
  if (reply.status !== 201) throw await refusal(reply, `list ${referrer.digest} with its subject`);
  await reply.discard();
}
