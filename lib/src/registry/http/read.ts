/** Small bodies of responses, as a whole. */
import { RegistryError, shownUrl } from '../errors.ts';
import type { Reply } from './exchange.ts';

/**
 * Reads a body of at most `limit` bytes; what says or turns out to be larger is cut off.
 *
 * @throws RegistryError TOO_LARGE, or as the connection fails.
 */
export async function readBounded(reply: Reply, limit: number): Promise<Buffer> {
  const announced = Number(reply.headers['content-length'] ?? 0);
  if (announced > limit) {
    await reply.discard();
    throw tooLarge(reply, limit);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of reply.body()) {
    size += chunk.length;
    if (size > limit) throw tooLarge(reply, limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads a JSON object of at most `limit` bytes.
 *
 * @throws RegistryError BAD_RESPONSE, TOO_LARGE, or as the connection fails.
 */
export async function readObject(reply: Reply, limit: number): Promise<Record<string, unknown>> {
  const text = (await readBounded(reply, limit)).toString();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Refused below.
  }
  throw new RegistryError('BAD_RESPONSE', `${shownUrl(reply.url)} did not answer a JSON object`);
}

function tooLarge({ url }: Reply, limit: number): RegistryError {
  return new RegistryError(
    'TOO_LARGE',
    `${shownUrl(url)} answers more than ${limit} bytes, which is more than it can need`,
  );
}
