/**
 * A blob from the store into a registry (distribution-spec, "Pushing blobs"):
 *
 *     HEAD: there already? ─▶ POST, with a mount if another repository may have it ─▶ 201: mounted
 *                                  └▶ 202 and Location ─▶ PUT, all at once
 *                                                      └▶ PATCH by PATCH ─▶ PUT
 */
import { createReadStream } from 'node:fs';
import type { ContentReader } from '../../image/index.ts';
import type { ImageDescriptor } from '../../oci/index.ts';
import { locationFrom } from '#parts/registry/credentials-for.ts';
import { RegistryError } from '../errors.ts';
import type { Reply, RequestBody } from '../http/exchange.ts';
import { connectionFailure, statusFailure } from '../http/failure.ts';
import { refusal } from '../http/refusal.ts';
import type { Reference } from '../reference.ts';
import { bytesBody, type Connection } from './connection.ts';
import { patchInChunks } from './chunks.ts';
import { pullScopes, pushScopes } from './scopes.ts';

/** How a blob is pushed. */
export interface UploadOptions {
  /** Repositories of the same registry that may have it. */
  readonly mountFrom?: readonly string[] | undefined;
  /** Bytes of one PATCH; without it the blob is sent at once. */
  readonly chunkSize?: number | undefined;
  readonly onOffset?: ((offset: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

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
  const file = content.path(descriptor.digest);
  if (await hasBlob(connection, reference, descriptor, signal)) return 'exists';
  let reply = await begin(connection, reference, descriptor, mountFrom, signal);
  for (let tries = 1; ; tries += 1) {
    if (reply.status === 201) return 'mounted';
    const upload = { connection, reference, descriptor, file, options };
    const location = locationFrom(reply.headers.location, reply.url);
    try {
      const end =
        chunkSize === undefined
          ? location
          : await patchInChunks(upload, location, reply, chunkSize);
      const whole =
        chunkSize === undefined ? fileBody(file, 0, descriptor.size, options.onOffset) : undefined;
      await finish(upload, end, whole ?? bytesBody(Buffer.alloc(0)));
      return 'done';
    } catch (error) {
      const failure =
        error instanceof PassingRefusal ? statusFailure(error.reply) : connectionFailure(error);
      if (failure === undefined || !(await connection.wait(failure, tries, signal))) throw error;
    }
    // What became of the old upload is not known: a new one begins from nothing.
    reply = await begin(connection, reference, descriptor, [], signal);
  }
}

/** A blob on its way to a registry. */
export interface Upload {
  readonly connection: Connection;
  readonly reference: Reference;
  readonly descriptor: ImageDescriptor;
  /** Where it is read. */
  readonly file: string;
  readonly options: UploadOptions;
}

/** A refusal of one step, which may be no refusal when all is tried again. */
class PassingRefusal extends RegistryError {
  readonly reply: Reply;

  constructor(error: RegistryError, reply: Reply) {
    super(error.code, error.message, {
      ...(error.status !== undefined && { status: error.status }),
      reasons: error.reasons,
    });
    this.name = 'RegistryError';
    this.reply = reply;
  }
}

/** @throws RegistryError with what the reply says, if its status is another. */
export async function expectStatus(reply: Reply, status: number, doing: string): Promise<void> {
  if (reply.status !== status) throw new PassingRefusal(await refusal(reply, doing), reply);
  await reply.discard();
}

async function begin(
  connection: Connection,
  reference: Reference,
  { digest }: ImageDescriptor,
  mountFrom: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const from = mountFrom.find((path) => path !== reference.path);
  const mount = new URLSearchParams({ mount: digest, from: from ?? '' });
  const uploads = `${reference.path}/blobs/uploads/`;
  const request = { method: 'POST', body: bytesBody(Buffer.alloc(0)), signal } as const;
  if (from !== undefined) {
    const scopes = pushScopes(reference, from);
    const reply = await connection.request({ ...request, at: `${uploads}?${mount}`, scopes });
    await reply.discard();
    // A repository that may not be read is no reason not to push.
    if (reply.status === 201 || reply.status === 202) return reply;
  }
  const reply = await connection.request({
    ...request,
    at: uploads,
    scopes: pushScopes(reference),
  });
  if (reply.status !== 202) throw await refusal(reply, `push ${digest} to ${reference.path}`);
  await reply.discard();
  return reply;
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

/** A part of a file. */
export function fileBody(
  file: string,
  start: number,
  end: number,
  onOffset: ((offset: number) => void) | undefined,
): RequestBody {
  return {
    length: end - start,
    open: () => {
      if (end === start) return Buffer.alloc(0);
      let offset = start;
      const stream = createReadStream(file, { start, end: end - 1 });
      if (onOffset !== undefined) {
        stream.on('data', (chunk) => onOffset((offset += chunk.length)));
      }
      return stream;
    },
  };
}
