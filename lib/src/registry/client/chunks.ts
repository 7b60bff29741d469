/** A blob in parts (distribution-spec, "Pushing a blob in chunks"), going on where it stopped. */
import { locationFrom } from '#parts/registry/credentials-for.ts';
import { RegistryError, shown } from '../errors.ts';
import type { Reply } from '../http/exchange.ts';
import { failureOf } from '../http/failure.ts';
import { pushScopes } from './scopes.ts';
import { expectStatus, fileBody, type Upload } from './upload-steps.ts';

/** A registry that wants more at once wants too much. */
const MAX_CHUNK = 1 << 30;

/** What is known of an upload: where it goes on. */
interface Position {
  readonly location: URL;
  readonly offset: number;
}

/**
 * Sends everything. @returns where the upload is to be finished.
 *
 * @param begun the reply that began it; it may name the least size of a chunk.
 * @throws RegistryError as the registry refuses, or does not take what it was sent.
 */
export async function patchInChunks(upload: Upload, begun: Reply, chunkSize: number): Promise<URL> {
  const { size } = upload.descriptor;
  const least = Number(begun.headers['oci-chunk-min-length'] ?? 0);
  const length = Math.max(1, chunkSize, Math.min(Number.isNaN(least) ? 0 : least, MAX_CHUNK));
  let at: Position = { location: locationFrom(begun.headers.location, begun.url), offset: 0 };
  for (let tries = 1; at.offset < size; tries += 1) {
    const before = at.offset;
    try {
      at = await patch(upload, at, Math.min(at.offset + length, size));
      if (at.offset <= before) throw noProgress(upload, at);
      tries = 0;
    } catch (error) {
      const failure = failureOf(error);
      const { connection, options } = upload;
      if (failure === undefined) throw error;
      if (!(await connection.wait(failure, tries, options.signal))) throw error;
      at = await askPosition(upload, at);
    }
  }
  return at.location;
}

async function patch(upload: Upload, at: Position, end: number): Promise<Position> {
  const { connection, reference, descriptor, file, options } = upload;
  const reply = await connection.request({
    method: 'PATCH',
    at: at.location,
    scopes: pushScopes(reference),
    headers: {
      'content-type': 'application/octet-stream',
      'content-range': `${at.offset}-${end - 1}`,
    },
    body: fileBody(file, at.offset, end, options.onOffset),
    once: true,
    signal: options.signal,
  });
  await expectStatus(reply, 202, `push ${descriptor.digest} to ${reference.path}`);
  return positionOf(upload, reply, end);
}

async function askPosition(upload: Upload, { location }: Position): Promise<Position> {
  const { connection, reference, descriptor, options } = upload;
  const reply = await connection.request({
    method: 'GET',
    at: location,
    scopes: pushScopes(reference),
    signal: options.signal,
  });
  await expectStatus(reply, 204, `go on with ${descriptor.digest}`);
  return positionOf(upload, reply);
}

/**
 * `Range: 0-LAST` says what is there; before the first byte, many say `0-0` or nothing.
 *
 * @param sent the end of what was just sent, which tells the first byte from none.
 */
function positionOf({ descriptor }: Upload, reply: Reply, sent = 0): Position {
  const range = reply.headers['range'];
  const last = Number(/^(?:bytes=)?0-(\d+)$/.exec(String(range))?.[1] ?? 0);
  const location = locationFrom(reply.headers.location, reply.url);
  const offset = last === 0 && sent !== 1 ? 0 : last + 1;
  if (offset <= descriptor.size) return { location, offset };
  throw new RegistryError(
    'BAD_RESPONSE',
    `${reply.url.host} says that it has ${shown(String(range))} of ${descriptor.size} bytes`,
  );
}

function noProgress({ descriptor }: Upload, { location, offset }: Position): RegistryError {
  return new RegistryError(
    'BAD_RESPONSE',
    `${location.host} took a part of ${descriptor.digest} and has ${offset} bytes as before`,
  );
}
