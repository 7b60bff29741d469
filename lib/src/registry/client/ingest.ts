/** Blobs on their way into the store, which somebody else may be fetching at the same time. */
import { ImageError, type Content, type ContentLabels, type Ingest } from '../../image/index.ts';
import type { ImageDescriptor } from '../../oci/index.ts';
import { sleep, systemClock, type Clock } from '../http/clock.ts';

/** How what is fetched is kept. */
export interface KeepOptions {
  /** The lease, by its id, that keeps the blob. */
  readonly lease?: string | undefined;
  readonly labels?: ContentLabels | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
}

/** Milliseconds between two looks at whether somebody else, who fetches the same, has finished. */
const LOOK_AGAIN = 250;

/** Whether a blob is there, and stays there as long as the lease. */
export function isKept(
  content: Content,
  { digest }: ImageDescriptor,
  lease: string | undefined,
): boolean {
  return lease === undefined ? content.has(digest) : content.keep(digest, lease);
}

/** Begins, or goes on; `undefined` when the blob is there, since somebody else has fetched it. */
export async function openIngest(
  content: Content,
  descriptor: ImageDescriptor,
  { lease, signal, clock = systemClock }: KeepOptions,
): Promise<Ingest | undefined> {
  const { digest, size } = descriptor;
  const options = { total: size, digest, ...(lease !== undefined && { lease }) };
  for (;;) {
    if (isKept(content, descriptor, lease)) return undefined;
    try {
      return content.ingest(`fetch-${digest}`, options);
    } catch (error) {
      if (!(error instanceof ImageError) || error.code !== 'UNAVAILABLE') throw error;
      await sleep(clock, LOOK_AGAIN, signal);
    }
  }
}

/** Keeps a document that is in memory and verified, with its labels whether it was there or not. */
export async function storeBytes(
  content: Content,
  descriptor: ImageDescriptor,
  bytes: Uint8Array,
  options: KeepOptions,
): Promise<void> {
  const { digest, size } = descriptor;
  const { labels = {} } = options;
  using ingest = await openIngest(content, descriptor, options);
  if (ingest === undefined) {
    content.label(digest, labels);
    return;
  }
  if (ingest.offset > 0) ingest.reset();
  ingest.write(bytes);
  ingest.commit({ digest, size, labels });
}
