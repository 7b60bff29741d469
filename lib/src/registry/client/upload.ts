/**
 * A blob from the store into a registry (distribution-spec, "Pushing blobs"):
 *
 *     HEAD: there already? ─▶ POST, with a mount if another repository may have it ─▶ 201: mounted
 *                                  └▶ 202 and Location ─▶ PUT, all at once
 *                                                      └▶ PATCH by PATCH ─▶ PUT
 */
import type { ContentReader } from '../../image/index.ts';
import type { ImageDescriptor } from '../../oci/index.ts';
import { locationFrom } from '#parts/registry/credentials-for.ts';
import type { Reply, RequestBody } from '../http/exchange.ts';
import { failureOf } from '../http/failure.ts';
import { refusal } from '../http/refusal.ts';
import type { Reference } from '../reference.ts';
import { bytesBody, type Connection } from './connection.ts';
import { patchInChunks } from './chunks.ts';
import { pullScopes, pushScopes } from './scopes.ts';
import { expectStatus, fileBody, type Upload, type UploadOptions } from './upload-steps.ts';

/** What it took. */
export type Uploaded = 'exists' | 'mounted' | 'done';

/** Whether the registry has the blob. @throws RegistryError DENIED, … */
export async function hasBlob(
  connection: Connection,
  reference: Reference,
  { digest }: ImageDescriptor,
  signal?: AbortSignal,
): Promise<boolean> {
  const reply = await connection.request({
    method: 'HEAD',
    at: `${reference.path}/blobs/${digest}`,
    scopes: pullScopes(reference),
    signal,
  });
  await reply.discard();
  if (reply.status === 200) return true;
  if (reply.status === 404) return false;
  throw await refusal(reply, `look for ${digest} in ${reference.path}`);
}

/** @throws RegistryError UNAUTHORIZED, DENIED, …; ImageError NOT_FOUND if the store lacks it. */
export async function uploadBlob(
  connection: Connection,
  reference: Reference,
  descriptor: ImageDescriptor,
  content: ContentReader,
  options: UploadOptions = {},
): Promise<Uploaded> {
  const { mountFrom = [], chunkSize, signal } = options;
  const { digest } = descriptor;
  if (await hasBlob(connection, reference, descriptor, signal)) return 'exists';
  const upload = { connection, reference, descriptor, file: content.path(digest), options };
  let reply = await begin(upload, mountFrom);
  for (let tries = 1; reply.status !== 201; tries += 1) {
    try {
      await (chunkSize === undefined
        ? sendWhole(upload, reply)
        : sendChunks(upload, reply, chunkSize));
      return 'done';
    } catch (error) {
      const failure = failureOf(error);
      if (failure === undefined || !(await connection.wait(failure, tries, signal))) throw error;
    }
    // What became of the old upload is not known: a new one begins from nothing.
    reply = await begin(upload, []);
  }
  return 'mounted';
}

/** The reply of a registry that has taken over a blob (201), or has begun an upload (202). */
async function begin(
  { connection, reference, descriptor: { digest }, options: { signal } }: Upload,
  mountFrom: readonly string[],
): Promise<Reply> {
  const from = mountFrom.find((path) => path !== reference.path);
  const uploads = `${reference.path}/blobs/uploads/`;
  const request = { method: 'POST', body: bytesBody(Buffer.alloc(0)), signal } as const;
  if (from !== undefined) {
    const query = new URLSearchParams({ mount: digest, from }).toString();
    const scopes = pushScopes(reference, from);
    const reply = await connection.request({ ...request, at: `${uploads}?${query}`, scopes });
    await reply.discard();
    // A repository that may not be read is no reason not to push.
    if (reply.status === 201 || reply.status === 202) return reply;
  }
  const reply = await connection.request({
    ...request,
    at: uploads,
    scopes: pushScopes(reference),
  });
  await expectStatus(reply, 202, `push ${digest} to ${reference.path}`);
  return reply;
}

async function sendWhole(upload: Upload, begun: Reply): Promise<void> {
  const { file, descriptor, options } = upload;
  const location = locationFrom(begun.headers.location, begun.url);
  await finish(upload, location, fileBody(file, 0, descriptor.size, options.onOffset));
}

async function sendChunks(upload: Upload, begun: Reply, chunkSize: number): Promise<void> {
  const location = await patchInChunks(upload, begun, chunkSize);
  await finish(upload, location, bytesBody(Buffer.alloc(0)));
}

async function finish(upload: Upload, location: URL, body: RequestBody): Promise<void> {
  const { connection, reference, descriptor, options } = upload;
  const url = new URL(location);
  url.searchParams.set('digest', descriptor.digest);
  const reply = await connection.request({
    method: 'PUT',
    at: url,
    scopes: pushScopes(reference),
    headers: { 'content-type': 'application/octet-stream' },
    body,
    once: true,
    signal: options.signal,
  });
  await expectStatus(reply, 201, `push ${descriptor.digest} to ${reference.path}`);
}
