/**
 * One request and its response, over node:http or node:https. It neither follows nor repeats.
 *
 *     request ─▶ [body goes out] ─▶ status, headers ─▶ body comes in ─▶ end
 *        └────────────── a watchdog: no byte for too long is an error ──────┘
 *
 * Whoever gets the reply reads its body to the end, or discards it: else the connection stays taken.
 */
import http, {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RegistryError, shownUrl } from '../errors.ts';
import { systemClock, type Clock } from './clock.ts';
import { connectionError } from './failure.ts';
import { Watchdog } from './watchdog.ts';

/** What goes out behind the headers. */
export interface RequestBody {
  /** Bytes. */
  readonly length: number;
  /** Called once for each time that it is sent. */
  open(): Readable | Uint8Array;
}

export interface Call {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly signal?: AbortSignal;
}

/** How all calls to one host are made. */
export interface Line {
  readonly agent?: http.Agent;
  readonly clock?: Clock;
  /** Milliseconds without any byte, after which the other side counts as dead. */
  readonly stallTimeout?: number;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** What was asked at last, after redirects. */
  readonly url: URL;
  /** The bytes as they come. @throws RegistryError UNREACHABLE if they end before their end. */
  body(): AsyncGenerator<Buffer, void, undefined>;
  /** Frees the connection: reads a short rest, and cuts a long one off. */
  discard(): Promise<void>;
}

/** A rest that is shorter is read, to keep the connection. */
const SHORT_REST = 64 << 10;
const DEFAULT_STALL_TIMEOUT = 60_000;

/**
 * @throws RegistryError UNREACHABLE, UNTRUSTED, STALLED, BAD_RESPONSE, with the error of Node as
 *   `cause`; what `call.signal` was aborted with.
 */
export async function exchange(url: URL, call: Call, line: Line = {}): Promise<Reply> {
  call.signal?.throwIfAborted();
  const stalled = new AbortController();
  const { stallTimeout = DEFAULT_STALL_TIMEOUT, clock = systemClock } = line;
  const watchdog = new Watchdog(clock, stallTimeout, () => stalled.abort(stall(url, stallTimeout)));
  const signal = call.signal ? AbortSignal.any([call.signal, stalled.signal]) : stalled.signal;
  const explain = (error: unknown): unknown =>
    signal.aborted ? signal.reason : connectionError(error, url);
  watchdog.start();
  try {
    const sent = await send(url, call, line.agent, signal, watchdog);
    return new MessageReply(url, sent, watchdog, explain);
  } catch (error) {
    watchdog.stop();
    throw explain(error);
  }
}

interface Sent {
  readonly request: ClientRequest;
  readonly message: IncomingMessage;
}

async function send(
  url: URL,
  { method, headers = {}, body }: Call,
  agent: http.Agent | undefined,
  signal: AbortSignal,
  watchdog: Watchdog,
): Promise<Sent> {
  const start = url.protocol === 'https:' ? https.request : http.request;
  const length = body === undefined ? {} : { 'content-length': String(body.length) };
  const request = start(url, { method, agent, signal, headers: { ...headers, ...length } });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.on('error', reject);
  request.once('response', resolve);
  const content = body?.open();
  if (content === undefined || content instanceof Uint8Array) request.end(content);
  else {
    content.on('data', () => watchdog.start());
    // A server may answer before it has read everything. Then the answer counts.
    pipeline(content, request).catch(reject);
  }
  return { request, message: await promise };
}

function stall(url: URL, ms: number): RegistryError {
  return new RegistryError('STALLED', `no byte came from ${shownUrl(url)} for ${ms / 1000} s`);
}

class MessageReply implements Reply {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly #request: ClientRequest;
  readonly #message: IncomingMessage;
  readonly #watchdog: Watchdog;
  readonly #explain: (error: unknown) => unknown;

  constructor(
    url: URL,
    { request, message }: Sent,
    watchdog: Watchdog,
    explain: (error: unknown) => unknown,
  ) {
    this.url = url;
    this.status = message.statusCode ?? 0;
    this.headers = message.headers;
    this.#request = request;
    this.#message = message;
    this.#watchdog = watchdog;
    this.#explain = explain;
    // An error while nobody reads is an error of the read that follows.
    message.on('error', () => watchdog.stop());
  }

  async *body(): AsyncGenerator<Buffer, void, undefined> {
    try {
      for await (const chunk of this.#message as AsyncIterable<Buffer>) {
        // What the reader does with it takes as long as it takes.
        this.#watchdog.stop();
        yield chunk;
        this.#watchdog.start();
      }
    } catch (error) {
      throw this.#explain(error);
    } finally {
      this.#watchdog.stop();
    }
  }

  async discard(): Promise<void> {
    const { 'content-length': length, 'transfer-encoding': chunked } = this.headers;
    const short = chunked === undefined && Number(length ?? 0) <= SHORT_REST;
    try {
      if (short) for await (const chunk of this.body()) void chunk;
    } catch {
      // Nobody wanted it.
    } finally {
      // An answer that came early has decided: the rest of the request is of no use.
      if (!this.#message.readableEnded || !this.#request.writableFinished) this.#request.destroy();
      this.#watchdog.stop();
    }
  }
}
