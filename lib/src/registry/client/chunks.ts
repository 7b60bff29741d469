/** A blob in parts (distribution-spec, "Pushing a blob in chunks"), going on where it stopped. */
import { locationFrom } from '#parts/registry/credentials-for.ts';
import { RegistryError, shown } from '../errors.ts';
import type { Reply } from '../http/exchange.ts';
import { connectionFailure, statusFailure } from '../http/failure.ts';
import type { Failure } from '../transfer/types.ts';
import { pushScopes } from './scopes.ts';
import { expectStatus, fileBody, type Upload } from './upload.ts';

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
 * @param begun the reply that began it, with the least size of a chunk (OCI-Chunk-Min-Length).
 * @throws RegistryError as the registry refuses, or does not take what it was sent.
 */
export async function patchInChunks(
  upload: Upload,
  location: URL,
  begun: Reply,
  chunkSize: number,
): Promise<URL> {
  const { size } = upload.descriptor;
  const least = Number(begun.headers['oci-chunk-min-length'] ?? 0);
  const length = Math.max(1, chunkSize, Math.min(Number.isNaN(least) ? 0 : least, MAX_CHUNK));
  let at: Position = { location, offset: 0 };
  let tries = 1;
  while (at.offset < size) {
    const end = Math.min(at.offset + length, size);
    const sent = await patch(upload, at, end);
    if ('location' in sent) {
      if (sent.offset <= at.offset) throw noProgress(upload, sent);
      at = sent;
      tries = 1;
      continue;
    }
    const { connection, options } = upload;
    if (!(await connection.wait(sent.failure, tries, options.signal))) throw sent.error;
    tries += 1;
    at = await askPosition(upload, at);
  }
  return at.location;
}

async function patch(
  upload: Upload,
  { location, offset }: Position,
  end: number,
): Promise<Position | { failure: Failure; error: unknown }> {
  const { connection, reference, descriptor, file, options } = upload;
  try {
    const reply = await connection.request({
      method: 'PATCH',
      at: location,
      scopes: pushScopes(reference),
      headers: {
        'content-type': 'application/octet-stream',
        'content-range': `${offset}-${end - 1}`,
      },
      body: fileBody(file, offset, end, options.onOffset),
      once: true,
      signal: options.signal,
    });
    // What it has is said by its Range; 416 is no trouble but an answer to a wrong guess.
    if (reply.status === 416) {
      await reply.discard();
      return await askPosition(upload, { location, offset });
    }
    if (reply.status >= 500 || reply.status === 429) {
      const failure = statusFailure(reply);
      return {
        failure,
        error: await expectStatus(reply, 202, `push ${descriptor.digest}`).catch(
          (error: unknown) => error,
        ),
      };
    }
    await expectStatus(reply, 202, `push ${descriptor.digest} to ${reference.path}`);
    return positionOf(upload, reply);
  } catch (error) {
    const failure = connectionFailure(error);
    if (failure === undefined) throw error;
    return { failure, error };
  }
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

/** `Range: 0-LAST` says what is there; before the first byte, many say `0-0` or nothing. */
function positionOf({ descriptor }: Upload, reply: Reply): Position {
  const range = reply.headers['range'];
  const match = /^(?:bytes=)?0-(\d+)$/.exec(typeof range === 'string' ? range : '');
  const last = Number(match?.[1] ?? 0);
  const location = locationFrom(reply.headers.location, reply.url);
  const offset = last === 0 ? 0 : last + 1;
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
