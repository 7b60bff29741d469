/**
 * What stands before most registries: a guard who wants a token, a server that gives tokens out, and
 * a store elsewhere that has the blobs. It notes each request, and can break off or lie.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

const TOKEN = 'a-token-for-this-chapter';

/** One request, and what came. */
export interface Note {
  readonly who: 'registry' | 'token server' | 'store';
  /** `GET manifests/v1`. */
  readonly asked: string;
  readonly answered: string;
}

export class GoBetween implements AsyncDisposable {
  /** The next answer of the store breaks off after so many bytes. */
  breakAt: number | undefined;
  /** What the store answers has one wrong byte. */
  lies = false;
  #notes: Note[] = [];
  readonly #registry: string;
  readonly #front: Server;
  readonly #store: Server;

  private constructor(registry: string) {
    this.#registry = registry;
    this.#front = createServer((request, response) => void this.#guard(request, response));
    this.#store = createServer((request, response) => void this.#handOut(request, response));
  }

  /** @param registry where the registry is: `HOST:PORT`. */
  static async start(registry: string): Promise<GoBetween> {
    const between = new GoBetween(registry);
    for (const server of [between.#front, between.#store]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return between;
  }

  /** `127.0.0.1:PORT`, as names of images begin. */
  get host(): string {
    return hostOf(this.#front);
  }

  /** What was noted since the last time. */
  take(): Note[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#front, this.#store]) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
  }

  async #guard(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const { pathname, searchParams } = new URL(url, 'http://registry');
    if (pathname === '/token') {
      const scopes = searchParams.getAll('scope').join(' ');
      this.#note('token server', `GET scope=${scopes}`, '200 and a token');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ token: TOKEN, expires_in: 300 }));
      return;
    }
    const asked = `${method} ${shortPath(pathname)}`;
    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      const challenge = `Bearer realm="http://${this.host}/token",service="chapter-06"`;
      this.#note('registry', asked, '401');
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return;
    }
    if (method === 'GET' && pathname.includes('/blobs/')) {
      this.#note('registry', asked + rangeOf(request), '307 to the store');
      response.writeHead(307, { location: `http://${hostOf(this.#store)}${pathname}` }).end();
      return;
    }
    const answer = await this.#forward(request);
    this.#note('registry', asked, String(answer.status));
    await reply(response, answer, method);
  }

  async #handOut(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#forward(request);
    const asked = `GET ${shortPath(request.url ?? '')}${rangeOf(request)}`;
    const { authorization } = request.headers;
    const seen = authorization === undefined ? '' : ', and a token that is not for it';
    const bytes = Buffer.from(await answer.arrayBuffer());
    const end = this.breakAt;
    if (end !== undefined && bytes.length > end) {
      this.breakAt = undefined;
      this.#note('store', asked, `${answer.status}, broken off after ${end} bytes${seen}`);
      response.writeHead(answer.status, headersOf(answer));
      response.write(bytes.subarray(0, end), () => response.destroy());
      return;
    }
    this.#note('store', asked, `${answer.status}, ${bytes.length} bytes${seen}`);
    if (this.lies) bytes[0] = (bytes[0] ?? 0) ^ 1;
    response.writeHead(answer.status, headersOf(answer)).end(bytes);
  }

  async #forward(request: IncomingMessage): Promise<Response> {
    const { method = '', url = '', headers } = request;
    const body = await buffer(request);
    const kept = ['content-type', 'range', 'accept'].flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value] as [string, string]] : [];
    });
    return fetch(`http://${this.#registry}${url}`, {
      method,
      headers: kept,
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
  }

  #note(who: Note['who'], asked: string, answered: string): void {
    this.#notes.push({ who, asked, answered });
  }
}

function hostOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function reply(response: ServerResponse, answer: Response, method: string): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, headersOf(answer)).end(method === 'HEAD' ? undefined : body);
}

function headersOf({ headers }: Response): Record<string, string> {
  const own = ['connection', 'keep-alive', 'transfer-encoding', 'date'];
  return Object.fromEntries([...headers].filter(([name]) => !own.includes(name)));
}

function rangeOf({ headers: { range } }: IncomingMessage): string {
  return range === undefined ? '' : ` ${range}`;
}

/** Below the repository; uploads have another number each time. */
function shortPath(pathname: string): string {
  return pathname
    .replace(/^\/v2\/chapter\/app\//, '')
    .replace(/uploads\/.+$/, 'uploads/ID')
    .replace(/(sha256:.{12}).*$/, '$1…');
}
