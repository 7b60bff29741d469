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
import { failureOf } from '../http/failure.ts';
import { refusal } from '../http/refusal.ts';
import type { Reference } from '../reference.ts';
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
    let problem: unknown;
    try {
      const reply = await request(connection, reference, descriptor, ingest, options.signal);
      await receive(reply, descriptor, ingest, options);
      continue;
    } catch (error) {
      problem = error;
    }
    if (ingest.offset - counted >= PROGRESS) {
      counted = ingest.offset;
      tries = 1;
    }
    const failure = failureOf(problem);
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

async function receive(
  reply: Reply,
  { digest, size }: ImageDescriptor,
  ingest: Ingest,
  { onOffset }: BlobOptions,
): Promise<void> {
  const { status, headers, url } = reply;
  if (![200, 206, 416].includes(status)) throw await refusal(reply, `fetch ${digest}`);
  const step = planBody(ingest.offset, size, {
    status,
    contentRange: headers['content-range'],
    contentLength: headers['content-length'],
  });
  if (step.action === 'refuse') {
    await reply.discard();
    const message = `${url.host} answered the request for ${digest} wrongly: ${step.reason}`;
    throw new RegistryError('BAD_CONTENT', message);
  }
  if (step.action === 'restart') ingest.reset();
  if (step.action === 'complete' || (step.action === 'restart' && !step.body)) {
    return reply.discard();
  }
  for await (const chunk of reply.body()) {
    ingest.write(chunk);
    onOffset?.(ingest.offset);
  }
  if (ingest.offset === size) return;
  throw new RegistryError(
    'UNREACHABLE',
    `${url.host} sent ${ingest.offset} of the ${size} bytes of ${digest} and no more: try again later`,
    { cause: Object.assign(new Error('the body ended early'), { code: 'ECONNRESET' }) },
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
