/** Deleting from a registry (distribution-spec, "Content Management"). */
import { refusal } from '../http/refusal.ts';
import type { Reference } from '../reference.ts';
import type { Connection } from './connection.ts';
import { deleteScopes } from './scopes.ts';

/**
 * @param kind `manifests` with a digest or a tag, or `blobs` with a digest.
 * @throws RegistryError NOT_FOUND; UNSUPPORTED where nothing, or no tag, can be deleted.
 */
export async function remove(
  connection: Connection,
  reference: Reference,
  kind: 'manifests' | 'blobs',
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const reply = await connection.request({
    method: 'DELETE',
    at: `${reference.path}/${kind}/${name}`,
    scopes: deleteScopes(reference),
    signal,
  });
  if (reply.status !== 202 && reply.status !== 200) {
    throw await refusal(reply, `delete ${name} from ${reference.path}`);
  }
  await reply.discard();
}
