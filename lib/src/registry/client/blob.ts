/**
 * A blob from a registry into the store:
 *
 *     ingest (what an earlier try left is there) ─▶ GET from its offset on ─▶ … ─▶ commit
 *                    ▲                                   │
 *                    └──── the connection failed, stalled or ended early ┘
 *
 * The store computes the digest as the bytes come and checks it with the size; more bytes than the
 * descriptor says are never written. What fails for good but is not wrong stays, to be resumed.
 */
import { messageOf } from '../../base/index.ts';
import { ImageError, type ContentInfo, type Content, type Ingest } from '../../image/index.ts';
import type { ImageDescriptor } from '../../oci/index.ts';
import { planBody } from '#parts/registry/range.ts';
import { RegistryError } from '../errors.ts';
import type { Reply } from '../http/exchange.ts';
import { connectionFailure, statusFailure } from '../http/failure.ts';
import { refusal } from '../http/refusal.ts';
import type { Reference } from '../reference.ts';
import type { Failure } from '../transfer/types.ts';
import type { Connection } from './connection.ts';
import { openIngest, type KeepOptions } from './ingest.ts';
import { pullScopes } from './scopes.ts';

/** How a blob is fetched. */
export interface BlobOptions extends KeepOptions {
  /** Called with the bytes that are there. */
  readonly onOffset?: ((offset: number) => void) | undefined;
}

/** So many bytes more are a success, after which the tries are counted anew. */
const PROGRESS = 1 << 20;

/**
 * @throws RegistryError NOT_FOUND, …; BAD_CONTENT if digest or size are not the descriptor's: then
 *   nothing is kept.
 */
export async function fetchBlob(
  connection: Connection,
  reference: Reference,
  descriptor: ImageDescriptor,
  content: Content,
  options: BlobOptions = {},
): Promise<ContentInfo> {
  const { digest, size } = descriptor;
  for (;;) {
    using ingest = await openIngest(content, descriptor, options);
    if (ingest === undefined) return content.info(digest);
    const resumed = ingest.offset > 0;
    try {
      await fill(connection, reference, descriptor, ingest, options);
      return ingest.commit({ digest, size, ...(options.labels && { labels: options.labels }) });
    } catch (error) {
      if (!isBadContent(error)) throw error;
      throwAway(ingest);
      // What an earlier try left may be what is wrong.
      if (resumed) continue;
      throw new RegistryError(
        'BAD_CONTENT',
        `blob ${digest} of ${reference.path} from ${connection.base.host} is not kept: ` +
          messageOf(error),
        { cause: error },
      );
    }
  }
}

async function fill(
  connection: Connection,
  reference: Reference,
  descriptor: ImageDescriptor,
  ingest: Ingest,
  options: BlobOptions,
): Promise<void> {
  let counted = ingest.offset;
  for (let tries = 1; ingest.offset !== descriptor.size; tries += 1) {
    let failure: Failure | undefined;
    let problem: unknown;
    try {
      const reply = await request(connection, reference, descriptor, ingest, options.signal);
      if (![200, 206, 416].includes(reply.status)) {
        failure = statusFailure(reply);
        problem = await refusal(reply, `fetch ${descriptor.digest} of ${reference.path}`);
      } else if (await receive(reply, descriptor, ingest, options)) return;
      else {
        failure = { kind: 'connection', code: 'ECONNRESET' };
        problem = endedEarly(reply, descriptor, ingest);
      }
    } catch (error) {
      failure = connectionFailure(error);
      problem = error;
    }
    if (ingest.offset - counted >= PROGRESS) {
      counted = ingest.offset;
      tries = 1;
    }
    if (failure === undefined) throw problem;
    if (!(await connection.wait(failure, tries, options.signal))) throw problem;
  }
}

async function request(
  connection: Connection,
  reference: Reference,
  { digest }: ImageDescriptor,
  { offset }: Ingest,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  return connection.request({
    method: 'GET',
    at: `${reference.path}/blobs/${digest}`,
    scopes: pullScopes(reference),
    headers: {
      'accept-encoding': 'identity',
      ...(offset > 0 && { range: `bytes=${offset}-` }),
    },
    once: true,
    signal,
  });
}

/** Whether everything is there now. */
async function receive(
  reply: Reply,
  { digest, size }: ImageDescriptor,
  ingest: Ingest,
  { onOffset }: BlobOptions,
): Promise<boolean> {
  const { status, headers } = reply;
  const step = planBody(ingest.offset, size, {
    status,
    contentRange: headers['content-range'],
    contentLength: headers['content-length'],
  });
  if (step.action === 'refuse') {
    await reply.discard();
    throw new RegistryError(
      'BAD_CONTENT',
      `${reply.url.host} answered the request for ${digest} wrongly: ${step.reason}`,
    );
  }
  if (step.action === 'restart') ingest.reset();
  if (step.action === 'complete' || (step.action === 'restart' && !step.body)) {
    await reply.discard();
    return ingest.offset === size;
  }
  for await (const chunk of reply.body()) {
    ingest.write(chunk);
    onOffset?.(ingest.offset);
  }
  return ingest.offset === size;
}

function endedEarly({ url }: Reply, { digest, size }: ImageDescriptor, { offset }: Ingest): Error {
  return new RegistryError(
    'UNREACHABLE',
    `${url.host} sent ${offset} of the ${size} bytes of ${digest} and no more: try again later`,
  );
}

function throwAway(ingest: Ingest): void {
  try {
    ingest.abort();
  } catch {
    // A commit that refused it has done so already; and else the error before counts.
  }
}

function isBadContent(error: unknown): boolean {
  const known = error instanceof ImageError || error instanceof RegistryError;
  return known && error.code === 'BAD_CONTENT';
}
