/** Manifests and indexes in and out of a repository (distribution-spec, "Pushing Manifests"). */
import { createHash } from 'node:crypto';
import { messageOf } from '../../base/index.ts';
import {
  isDigest,
  MAX_DOCUMENT_SIZE,
  splitDigest,
  type Digest,
  type ManifestOrIndex,
} from '../../oci/index.ts';
import { childLabels, isDocument } from '../../image/index.ts';
import { storeBytes } from '../client/ingest.ts';
import { digestOf, readDocument } from '../client/manifest.ts';
import { describe } from '../client/put-manifest.ts';
import { isTag } from '../reference.ts';
import { ApiError } from './api-error.ts';
import { digestFrom, type Exchange, type Site } from './site.ts';

export function getManifest({ names, content }: Site, exchange: Exchange): void {
  const { request, response, repository, name } = exchange;
  const digest = isTag(name) ? names.resolve(repository, name) : digestFrom(name);
  const record = digest && names.manifest(repository, digest);
  if (record === undefined || !content.has(record.descriptor.digest)) throw unknown(exchange);
  const { descriptor } = record;
  response.writeHead(200, {
    'content-type': descriptor.mediaType,
    'content-length': descriptor.size,
    'docker-content-digest': descriptor.digest,
    etag: `"${descriptor.digest}"`,
  });
  response.end(
    request.method === 'HEAD' ? undefined : content.read(descriptor.digest, MAX_DOCUMENT_SIZE),
  );
}

export async function putManifest(site: Site, exchange: Exchange): Promise<void> {
  const { request, response, repository, name } = exchange;
  const { content, names, lease } = site;
  if (!isTag(name)) digestFrom(name);
  const bytes = await readBody(exchange);
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const { document, mediaType } = checked(() => readDocument(bytes, type, `${repository}:${name}`));
  const digest = isDigest(name) ? name : digestOf(bytes);
  checkDigest(bytes, digest);
  checkChildren(site, repository, document);
  const descriptor = { mediaType, digest, size: bytes.length };
  await storeBytes(content, descriptor, bytes, { lease, labels: childLabels(document) });
  const whole = document.kind === 'index' ? document.index : document.manifest;
  const subject = whole.subject?.digest;
  const record = { descriptor: describe(descriptor, whole), ...(subject && { subject }) };
  names.putManifest(repository, record, isTag(name) ? name : undefined);
  response.writeHead(201, {
    location: `/v2/${repository}/manifests/${digest}`,
    'docker-content-digest': digest,
    'content-length': 0,
    ...(subject && { 'oci-subject': subject }),
  });
  response.end();
}

export function deleteManifest({ names }: Site, exchange: Exchange): void {
  const { repository, name, response } = exchange;
  const removed = isTag(name)
    ? names.removeTag(repository, name)
    : names.removeManifest(repository, digestFrom(name));
  if (!removed) throw unknown(exchange);
  response.writeHead(202, { 'content-length': 0 }).end();
}

async function readBody({ request }: Exchange): Promise<Buffer> {
  const tooLarge = (): ApiError =>
    new ApiError(413, 'MANIFEST_INVALID', `a manifest has at most ${MAX_DOCUMENT_SIZE} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > MAX_DOCUMENT_SIZE) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_DOCUMENT_SIZE) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ApiError(400, 'MANIFEST_INVALID', messageOf(error));
  }
}

function checkDigest(bytes: Buffer, digest: Digest): void {
  const { algorithm, hex } = splitDigest(digest);
  if (createHash(algorithm).update(bytes).digest('hex') === hex) return;
  throw new ApiError(400, 'DIGEST_INVALID', `the content is not that of ${digest}`);
}

/** A manifest's blobs and an index's manifests must be there; what it is about need not. */
function checkChildren({ names }: Site, repository: string, document: ManifestOrIndex): void {
  const children =
    document.kind === 'index'
      ? document.index.manifests
      : [document.manifest.config, ...document.manifest.layers.filter(({ urls }) => !urls)];
  const missing = children.find((child) =>
    isDocument(child)
      ? names.manifest(repository, child.digest) === undefined
      : !names.hasBlob(repository, child.digest),
  );
  if (missing === undefined) return;
  const message = `${repository} has no ${missing.digest}, which the manifest needs: push it first`;
  throw new ApiError(404, 'MANIFEST_BLOB_UNKNOWN', message);
}

function unknown({ repository, name }: Exchange): ApiError {
  return new ApiError(404, 'MANIFEST_UNKNOWN', `${repository} has no manifest ${name}`);
}
