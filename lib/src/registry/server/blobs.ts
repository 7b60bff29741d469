/** Blobs out of a repository (distribution-spec, "Pulling blobs", "Deleting Blobs"). */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ContentInfo } from '../../image/index.ts';
import { ApiError } from './api-error.ts';
import { digestFrom, type Exchange, type Site } from './site.ts';

export async function getBlob(site: Site, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const { digest, size } = infoOf(site, exchange);
  const range = readRange(request.headers.range, size);
  const common = {
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
    etag: `"${digest}"`,
  };
  const { start, end } = range ?? { start: 0, end: size };
  if (range === undefined) response.writeHead(200, { ...common, 'content-length': size });
  else {
    response.writeHead(206, {
      ...common,
      'content-length': end - start,
      'content-range': `bytes ${start}-${end - 1}/${size}`,
    });
  }
  if (request.method === 'HEAD' || start === end) {
    response.end();
    return;
  }
  await pipeline(createReadStream(site.content.path(digest), { start, end: end - 1 }), response);
}

export function deleteBlob({ names }: Site, { repository, name, response }: Exchange): void {
  if (!names.removeBlob(repository, digestFrom(name))) throw unknown(repository, name);
  response.writeHead(202, { 'content-length': 0 }).end();
}

function infoOf({ names, content }: Site, { repository, name }: Exchange): ContentInfo {
  const digest = digestFrom(name);
  // What the store has lost or collected is not there either.
  if (!names.hasBlob(repository, digest) || !content.has(digest)) throw unknown(repository, name);
  return content.info(digest);
}

/**
 * One range of bytes, from `start` up to `end`; nothing for what is to be answered as a whole: no
 * range, several, or none that can be read (RFC 9110, 14.2).
 */
function readRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (start < size && start < end) return { start, end };
  throw new ApiError(416, 'SIZE_INVALID', `the blob has ${size} bytes`, {
    'content-range': `bytes */${size}`,
  });
}

function unknown(repository: string, digest: string): ApiError {
  return new ApiError(404, 'BLOB_UNKNOWN', `${repository} has no blob ${digest}`);
}
