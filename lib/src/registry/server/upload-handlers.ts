/** Blobs into a repository (distribution-spec, "Pushing blobs"). */
import { isDigest, type Digest } from '../../oci/index.ts';
import { ImageError } from '../../image/index.ts';
import { ApiError } from './api-error.ts';
import { digestFrom, type Exchange, type Site } from './site.ts';
import type { Upload } from './uploads.ts';

/** POST: begins an upload; or mounts, or takes the whole blob, if it is told its digest. */
export async function beginUpload(site: Site, exchange: Exchange): Promise<void> {
  const { repository, query } = exchange;
  const mount = query.get('mount') ?? '';
  const from = query.get('from') ?? '';
  if (isDigest(mount) && site.names.hasBlob(from, mount) && keep(site, mount)) {
    site.names.putBlob(repository, mount);
    created(exchange, mount);
    return;
  }
  const digest = query.get('digest');
  const expected = digest === null ? undefined : digestFrom(digest);
  const { id } = site.uploads.begin(repository);
  if (expected === undefined) progress(exchange, site.uploads.get(repository, id), 202);
  else
    await site.uploads.use(repository, id, (upload) => complete(site, exchange, upload, expected));
}

/** PATCH: more of it. */
export async function appendUpload(site: Site, exchange: Exchange): Promise<void> {
  const { repository, name } = exchange;
  await site.uploads.use(repository, name, async (upload) => {
    await append(site, exchange, upload);
    progress(exchange, upload, 202);
  });
}

/** PUT: the rest of it, and its digest. */
export async function finishUpload(site: Site, exchange: Exchange): Promise<void> {
  const { repository, name, query } = exchange;
  const digest = digestFrom(query.get('digest'));
  await site.uploads.use(repository, name, (upload) => complete(site, exchange, upload, digest));
}

/** GET: how much of it is there. */
export function uploadStatus({ uploads }: Site, exchange: Exchange): void {
  progress(exchange, uploads.get(exchange.repository, exchange.name), 204);
}

export async function cancelUpload({ uploads }: Site, exchange: Exchange): Promise<void> {
  await uploads.use(exchange.repository, exchange.name, (upload) => {
    uploads.end(upload);
    exchange.response.writeHead(204).end();
    return Promise.resolve();
  });
}

async function complete(
  site: Site,
  exchange: Exchange,
  upload: Upload,
  digest: Digest,
): Promise<void> {
  await append(site, exchange, upload);
  try {
    upload.ingest.commit({ digest });
  } catch (error) {
    if (!(error instanceof ImageError) || error.code !== 'BAD_CONTENT') throw error;
    throw new ApiError(400, 'DIGEST_INVALID', `the content is not that of ${digest}`);
  } finally {
    site.uploads.end(upload);
  }
  site.names.putBlob(exchange.repository, digest);
  created(exchange, digest);
}

/** Writes what comes. What has come of a request that breaks off stays, to go on from. */
async function append(site: Site, { request }: Exchange, upload: Upload): Promise<void> {
  const { ingest } = upload;
  const start = /^(?:bytes )?(\d+)-\d+/.exec(request.headers['content-range'] ?? '')?.[1];
  if (start !== undefined && Number(start) !== ingest.offset) {
    const message = `the upload goes on at ${ingest.offset}, not at ${start}`;
    throw new ApiError(416, 'BLOB_UPLOAD_INVALID', message, position(upload));
  }
  const announced = ingest.offset + Number(request.headers['content-length'] ?? 0);
  if (announced > site.maxBlobSize) throw tooLarge(site, upload);
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (ingest.offset + chunk.length > site.maxBlobSize) throw tooLarge(site, upload);
    ingest.write(chunk);
  }
}

function tooLarge({ uploads, maxBlobSize }: Site, upload: Upload): ApiError {
  uploads.end(upload);
  return new ApiError(413, 'SIZE_INVALID', `a blob has at most ${maxBlobSize} bytes here`);
}

function keep({ content, lease }: Site, digest: Digest): boolean {
  return lease === undefined ? content.has(digest) : content.keep(digest, lease);
}

function progress({ response }: Exchange, upload: Upload, status: number): void {
  response.writeHead(status, {
    ...position(upload),
    ...(status === 202 && { 'content-length': 0 }),
  });
  response.end();
}

function position({ repository, id, ingest }: Upload): Record<string, string> {
  return {
    location: `/v2/${repository}/blobs/uploads/${id}`,
    range: `0-${Math.max(0, ingest.offset - 1)}`,
    'docker-upload-uuid': id,
  };
}

function created({ repository, response }: Exchange, digest: Digest): void {
  response.writeHead(201, {
    location: `/v2/${repository}/blobs/${digest}`,
    'docker-content-digest': digest,
    'content-length': 0,
  });
  response.end();
}
