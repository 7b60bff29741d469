/** Manifests and indexes of a registry: found, fetched whole, and checked before they are used. */
import { createHash } from 'node:crypto';
import {
  INDEX_MEDIA_TYPES,
  isDigest,
  MANIFEST_MEDIA_TYPES,
  MAX_DOCUMENT_SIZE,
  MEDIA_TYPE,
  parseManifest,
  SCHEMA_1_MEDIA_TYPES,
  splitDigest,
  type Digest,
  type ImageDescriptor,
  type ManifestOrIndex,
} from '../../oci/index.ts';
import { messageOf } from '../../base/index.ts';
import { canonicalName } from '#parts/registry/reference.ts';
import { RegistryError, shown } from '../errors.ts';
import type { Reply } from '../http/exchange.ts';
import { readBounded } from '../http/read.ts';
import { refusal } from '../http/refusal.ts';
import { manifestName, type Reference } from '../reference.ts';
import type { Connection } from './connection.ts';
import { pullScopes } from './scopes.ts';

/** All that a manifest may be; schema 1 too, so that it can be refused by its name. */
const ACCEPT = [...MANIFEST_MEDIA_TYPES, ...INDEX_MEDIA_TYPES, ...SCHEMA_1_MEDIA_TYPES].join(', ');

/** A document with the descriptor that it is known by now. */
export interface FetchedManifest {
  readonly descriptor: ImageDescriptor;
  /** As it came, byte for byte: its digest is of these. */
  readonly bytes: Buffer;
  readonly document: ManifestOrIndex;
}

/** What it must be, by a descriptor that named it. */
export type Expected = Pick<ImageDescriptor, 'mediaType' | 'digest' | 'size'>;

/**
 * Which digest a tag has now (HEAD), if the registry says.
 *
 * @throws RegistryError NOT_FOUND, …
 */
export async function headManifest(
  connection: Connection,
  reference: Reference,
  signal?: AbortSignal,
): Promise<{ digest: Digest; size: number | undefined; mediaType: string } | undefined> {
  const reply = await ask(connection, 'HEAD', reference, signal);
  await reply.discard();
  const digest = reply.headers['docker-content-digest'];
  if (typeof digest !== 'string' || !isDigest(digest)) return undefined;
  const length = Number(reply.headers['content-length'] ?? Number.NaN);
  const size = Number.isSafeInteger(length) ? length : undefined;
  return { digest, size, mediaType: typeOf(reply) };
}

/**
 * Fetches a manifest or an index by the reference's digest or, without one, its tag.
 *
 * @throws RegistryError NOT_FOUND, …; TOO_LARGE above MAX_DOCUMENT_SIZE; BAD_CONTENT if digest, size
 *   or media type are not what the reference, `expected`, the registry and the document say alike.
 */
export async function fetchManifest(
  connection: Connection,
  reference: Reference,
  { expected, signal }: { expected?: Expected | undefined; signal?: AbortSignal | undefined } = {},
): Promise<FetchedManifest> {
  const where = `${canonicalName(reference)} from ${connection.base.host}`;
  const limit = Math.min(MAX_DOCUMENT_SIZE, expected?.size ?? MAX_DOCUMENT_SIZE);
  const reply = await ask(connection, 'GET', reference, signal);
  const bytes = await readBounded(reply, limit);
  const said = reply.headers['docker-content-digest'];
  const digests = [reference.digest, expected?.digest, said].filter(
    (digest) => digest !== undefined,
  );
  for (const digest of digests) checkDigest(bytes, String(digest), where);
  if (expected !== undefined && bytes.length !== expected.size) {
    throw bad(where, `it has ${bytes.length} bytes and should have ${expected.size}`);
  }
  const { document, mediaType } = readDocument(bytes, typeOf(reply), where);
  if (expected !== undefined && mediaType !== expected.mediaType) {
    throw bad(where, `it is ${shown(mediaType)} and should be ${shown(expected.mediaType)}`);
  }
  const digest = (reference.digest ?? expected?.digest ?? said ?? digestOf(bytes)) as Digest;
  return { descriptor: { mediaType, digest, size: bytes.length }, bytes, document };
}

/** @param mediaType what it is called from outside; empty if nobody says. */
export function readDocument(
  bytes: Buffer,
  mediaType: string,
  where: string,
): { document: ManifestOrIndex; mediaType: string } {
  const document = parseDocument(bytes, mediaType, where);
  const own = document.kind === 'index' ? document.index.mediaType : document.manifest.mediaType;
  if (own !== undefined && mediaType !== '' && own !== mediaType) {
    throw bad(where, `it says that it is ${shown(own)}, but came as ${shown(mediaType)}`);
  }
  return { document, mediaType: own ?? (mediaType === '' ? MEDIA_TYPE[document.kind] : mediaType) };
}

/** The sha256 of bytes. */
export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

async function ask(
  connection: Connection,
  method: 'GET' | 'HEAD',
  reference: Reference,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const reply = await connection.request({
    method,
    at: `${reference.path}/manifests/${manifestName(reference)}`,
    scopes: pullScopes(reference),
    headers: { accept: ACCEPT },
    signal,
  });
  if (reply.status === 200) return reply;
  throw await refusal(reply, `read ${canonicalName(reference)}`);
}

function parseDocument(bytes: Buffer, mediaType: string, where: string): ManifestOrIndex {
  try {
    return parseManifest(bytes.toString(), mediaType, where);
  } catch (error) {
    throw new RegistryError('BAD_CONTENT', messageOf(error), { cause: error });
  }
}

function checkDigest(bytes: Buffer, digest: string, where: string): void {
  if (!isDigest(digest)) throw bad(where, `its digest is said to be ${shown(digest)}`);
  const { algorithm, hex } = splitDigest(digest);
  const actual = createHash(algorithm).update(bytes).digest('hex');
  if (actual === hex) return;
  throw bad(where, `its digest is ${algorithm}:${actual} and should be ${digest}`);
}

function typeOf({ headers }: Reply): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function bad(where: string, reason: string): RegistryError {
  return new RegistryError('BAD_CONTENT', `${where} is not used: ${reason}. Nothing of it is kept`);
}
