/**
 * A socket of our own that receives the terminal's master, as an engine's console socket does.
 *
 * Life cycle: listening in a private directory → the container's process connects and sends →
 * `receive` takes the descriptor → directory removed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoracleError } from 'coracle/base';
import {
  accept,
  AF_UNIX,
  bindPath,
  Descriptor,
  listen,
  receiveMessage,
  SOCK_STREAM,
  socket,
} from 'coracle/sys';

export class ConsoleSocket implements Disposable {
  readonly path: string;
  readonly #directory: string;
  readonly #listener: Descriptor;

  constructor() {
    // Mode 0700: nobody else can connect.
    this.#directory = mkdtempSync(join(tmpdir(), 'coracle-console-'));
    this.path = join(this.#directory, 'socket');
    this.#listener = socket(AF_UNIX, SOCK_STREAM);
    bindPath(this.#listener.fd, this.path);
    listen(this.#listener.fd, 1);
  }

  /** The master of the container's terminal. The sender must have connected already. */
  receive(): Descriptor {
    using connection = accept(this.#listener.fd);
    const { descriptors } = receiveMessage(connection.fd, 4096);
    const [master] = descriptors;
    if (master !== undefined) return new Descriptor(master);
    throw new CoracleError('CONSOLE', "the container's process has sent no terminal");
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
