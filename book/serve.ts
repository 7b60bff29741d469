/**
 * Serves the book to this machine while it is being read or written: a page that changes is shown
 * at once. `--port N` takes another port than 5173.
 */
import { parseArgs } from 'node:util';
import { createServer } from 'vitepress';
import { hasReference, makeReference } from './reference.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '5173' } } });
if (!hasReference()) makeReference();
const server = await createServer(import.meta.dirname, { port: Number(values.port) });
await server.listen();
server.printUrls();
