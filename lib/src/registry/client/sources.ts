/** Reading from whoever has it: the mirrors in their order, and the registry itself at last. */
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';

/**
 * A mirror that fails, in whatever way, is passed over; what the registry itself says counts. What
 * both say is checked by the caller in the same way.
 */
export async function readFromAny<T>(
  connections: Connections,
  domain: string,
  signal: AbortSignal | undefined,
  read: (connection: Connection) => Promise<T>,
): Promise<T> {
  for (const mirror of connections.mirrors(domain)) {
    try {
      return await read(mirror);
    } catch {
      signal?.throwIfAborted();
    }
  }
  return read(await connections.origin(domain, signal));
}
