// A listening unix socket that stands for the terminal's user (--console-socket) or the seccomp agent.
// Node cannot receive descriptors: reading the message would drop the one that came with it. Unread,
// the message stays in the socket's queue and keeps the descriptor alive; so a connection is held
// unread as long as the case needs the other side of its descriptor, and `read` lets go of it.

import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { Mismatch } from './case.ts';
import { waitUntil } from './observe.ts';

export class Listener {
  readonly path: string;
  readonly #server: Server;
  readonly #connections: Socket[] = [];

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
    server.on('connection', (connection) => this.#connections.push(connection));
  }

  /** Listens at `path` (at most 107 bytes long). */
  static async open(path: string): Promise<Listener> {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
    const { promise, resolve, reject } = Promise.withResolvers<Listener>();
    const listener = new Listener(path, server);
    server.once('error', reject);
    server.listen(path, () => resolve(listener));
    return promise;
  }

  get connections(): number {
    return this.#connections.length;
  }

  /** Reads the first connection to its end; the descriptors that came with it are closed. */
  async read(): Promise<string> {
    await waitUntil(() => this.#connections.length > 0, 5000);
    const [connection] = this.#connections;
    if (connection === undefined) {
      throw new Mismatch('the runtime connects to the socket', 'a connection', 'none');
    }
    const chunks: Buffer[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    connection.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    connection.once('end', () => resolve(Buffer.concat(chunks).toString()));
    connection.once('error', reject);
    connection.resume();
    return promise;
  }

  close(): void {
    for (const connection of this.#connections) connection.destroy();
    this.#server.close();
  }
}
