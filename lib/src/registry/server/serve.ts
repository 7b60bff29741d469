/** A small registry (OCI distribution-spec 1.1) over a content store. */
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Content } from '../../image/index.ts';
import { ApiError, sendError } from './api-error.ts';
import type { RegistryNames } from './names.ts';
import { routeFor } from './routes.ts';
import type { Site } from './site.ts';
import { Uploads } from './uploads.ts';

/** What a server is told. */
export interface ServeOptions {
  readonly content: Content;
  readonly names: RegistryNames;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: one that is free. */
  readonly port?: number;
  /** Who may do anything; default everybody. */
  readonly authenticate?: (username: string, password: string) => boolean | Promise<boolean>;
  /** PEM; without it the server speaks in the clear. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The lease, by its id, that keeps what is in the registry. */
  readonly lease?: string;
  /** Bytes; default 16 GiB. */
  readonly maxBlobSize?: number;
  /** Told of what should not happen; default nobody is. */
  readonly onError?: (error: unknown) => void;
}

/** A server that runs. */
export interface RegistryServer extends AsyncDisposable {
  /** `HOST:PORT`, as names of images begin. */
  readonly host: string;
  readonly port: number;
  /** Ends it at once: open connections are cut, uploads that have not ended are thrown away. */
  close(): Promise<void>;
}

const DEFAULT_MAX_BLOB = 16 * 2 ** 30;
/** Milliseconds without any byte; as a whole a request may take as long as it takes. */
const IDLE = 120_000;
const API_VERSION = { 'docker-distribution-api-version': 'registry/2.0' };

/** Listens, and resolves when it does. @throws what listen(2) refuses. */
export async function serveRegistry(options: ServeOptions): Promise<RegistryServer> {
  const { content, names, lease, host = '127.0.0.1', port = 0, tls } = options;
  const uploads = new Uploads(content, lease, Date.now);
  const maxBlobSize = options.maxBlobSize ?? DEFAULT_MAX_BLOB;
  const site: Site = { content, names, uploads, lease, maxBlobSize };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void answer(site, options, request, response);
  };
  const server =
    tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  server.requestTimeout = 0;
  server.setTimeout(IDLE);
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
    uploads.close();
  };
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    host: `${name}:${address.port}`,
    port: address.port,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function answer(
  site: Site,
  { authenticate, onError }: ServeOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    for (const [name, value] of Object.entries(API_VERSION)) response.setHeader(name, value);
    const { pathname, searchParams: query } = addressOf(request);
    if (authenticate !== undefined) await checkPassword(request, authenticate);
    if (pathname === '/v2/' || pathname === '/v2') {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': 2 })
        .end('{}');
      return;
    }
    const { handler, ...route } = routeFor(request.method ?? '', pathname);
    await handler(site, { request, response, query, ...route });
  } catch (error) {
    const refusal =
      error instanceof ApiError
        ? error
        : new ApiError(500, 'UNKNOWN', 'the registry has a trouble');
    // A client that hangs up is no trouble of ours.
    const hungUp = response.destroyed || request.errored !== null;
    if (refusal !== error && !hungUp) onError?.(error);
    sendError(request, response, refusal);
  }
}

function addressOf({ url = '/' }: IncomingMessage): URL {
  const parsed = URL.parse(url, 'http://registry');
  if (parsed !== null) return parsed;
  throw new ApiError(400, 'UNSUPPORTED', 'the path is not one');
}

async function checkPassword(
  { headers }: IncomingMessage,
  authenticate: NonNullable<ServeOptions['authenticate']>,
): Promise<void> {
  const [, encoded = ''] = /^Basic +([\w+/=-]+)$/i.exec(headers.authorization ?? '') ?? [];
  const pair = Buffer.from(encoded, 'base64').toString();
  const colon = pair.indexOf(':');
  if (colon >= 0 && (await authenticate(pair.slice(0, colon), pair.slice(colon + 1)))) return;
  throw new ApiError(401, 'UNAUTHORIZED', 'log in first', {
    'www-authenticate': 'Basic realm="coracle"',
  });
}
