/**
 * Requests to one registry, until each has its answer:
 *
 *     try ─▶ send with authorization ─▶ follow redirects ─▶ 401? once more with a new token
 *      ▲                                                      │
 *      └─────────────── wait, if the failure may pass ◀───────┘
 *
 * The answer is the reply, of whatever status is left then.
 */
import { locationFrom, maySendCredentials } from '#parts/registry/credentials-for.ts';
import { retryWait } from '#parts/registry/retry.ts';
import { Authorizer } from '../auth/authorizer.ts';
import { readToken } from '../auth/token.ts';
import { RegistryError } from '../errors.ts';
import type { Agents } from '../http/agents.ts';
import { sleep } from '../http/clock.ts';
import { exchange, type Call, type Reply, type RequestBody } from '../http/exchange.ts';
import { failureOf, statusFailure } from '../http/failure.ts';
import type { Failure } from '../transfer/types.ts';
import type { Settings } from './options.ts';

/** What is asked of a registry. */
export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/v2/`; or a whole address, as uploads have it. */
  readonly at: string | URL;
  /** What a token must be good for: `repository:PATH:pull`. */
  readonly scopes: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly signal?: AbortSignal | undefined;
  /** The caller knows better how to go on: one try only. */
  readonly once?: boolean;
}

const MAX_REDIRECTS = 10;

export class Connection {
  /** Where its API is: `https://HOST/`, and what a mirror has behind it. */
  readonly base: URL;
  readonly #agents: Agents;
  readonly #settings: Settings;
  readonly #authorizer: Authorizer;

  /** @param domain what its credentials are kept under. */
  constructor(base: URL, domain: string, agents: Agents, settings: Settings) {
    this.base = base;
    this.#agents = agents;
    this.#settings = settings;
    this.#authorizer = new Authorizer({
      registry: base,
      clock: settings.clock,
      credentials: (signal) => settings.keychain.get(domain, signal),
      fetchToken: async ({ url, method, headers, body }, signal) => {
        const call: Call = {
          method,
          headers: { ...headers, accept: 'application/json' },
          ...(signal && { signal }),
          ...(body !== undefined && { body: bytesBody(Buffer.from(body)) }),
        };
        return readToken(await this.#retried(() => this.#send(url, call), signal));
      },
    });
  }

  /** @throws RegistryError as connections fail; what the signal was aborted with. */
  async request(request: RegistryRequest): Promise<Reply> {
    const once = (): Promise<Reply> => this.#authorized(request);
    return request.once === true ? once() : this.#retried(once, request.signal);
  }

  async #authorized(request: RegistryRequest): Promise<Reply> {
    const { scopes, signal } = request;
    const first = await this.#authorizer.header(scopes, signal);
    const reply = await this.#follow(request, first);
    const challenge = reply.headers['www-authenticate'];
    // A stranger's 401, after a redirect, gets no answer.
    if (reply.status !== 401 || challenge === undefined) return reply;
    if (!maySendCredentials(reply.url, this.base)) return reply;
    const second = await this.#authorizer.renew(challenge, scopes, first, signal);
    if (second === undefined) return reply;
    await reply.discard();
    return this.#follow(request, second);
  }

  async #follow(request: RegistryRequest, authorization: string | undefined): Promise<Reply> {
    const { method, headers, body, signal } = request;
    let url =
      request.at instanceof URL
        ? request.at
        : new URL(`${this.base.pathname}v2/${request.at}`, this.base);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const own = authorization !== undefined && maySendCredentials(url, this.base);
      const reply = await this.#send(url, {
        method,
        headers: { ...headers, ...(own && { authorization }) },
        ...(body && { body }),
        ...(signal && { signal }),
      });
      if (!isRedirect(reply.status, method)) return reply;
      await reply.discard();
      url = locationFrom(reply.headers.location, url);
    }
    throw new RegistryError(
      'BAD_RESPONSE',
      `${this.base.host} redirects more than ${MAX_REDIRECTS} times`,
    );
  }

  async #send(url: URL, call: Call): Promise<Reply> {
    const { clock, stallTimeout } = this.#settings;
    const headers = { 'user-agent': 'coracle/0.1', ...call.headers };
    return exchange(
      url,
      { ...call, headers },
      { agent: this.#agents.for(url), clock, stallTimeout },
    );
  }

  async #retried(once: () => Promise<Reply>, signal?: AbortSignal): Promise<Reply> {
    for (let tries = 1; ; tries += 1) {
      let reply: Reply | undefined;
      let failure: Failure | undefined;
      try {
        reply = await once();
        failure = statusFailure(reply);
      } catch (error) {
        failure = failureOf(error);
        if (failure === undefined || !(await this.wait(failure, tries, signal))) throw error;
        continue;
      }
      const wait = this.#waitAfter(failure, tries);
      if (wait === undefined) return reply;
      await reply.discard();
      await sleep(this.#settings.clock, wait, signal);
    }
  }

  /** Waits until the next try; `false` at once if there is to be none. */
  async wait(failure: Failure, tries: number, signal?: AbortSignal): Promise<boolean> {
    const wait = this.#waitAfter(failure, tries);
    if (wait !== undefined) await sleep(this.#settings.clock, wait, signal);
    return wait !== undefined;
  }

  #waitAfter(failure: Failure, tries: number): number | undefined {
    const { clock, retry } = this.#settings;
    return retryWait(failure, tries, retry, { now: clock.now(), random: clock.random() });
  }
}

/** A body that is in memory. */
export function bytesBody(bytes: Uint8Array): RequestBody {
  return { length: bytes.length, open: () => bytes };
}

/** 301 to 303 would turn another method into GET; no registry means that. */
function isRedirect(status: number, method: string): boolean {
  if (status === 307 || status === 308) return true;
  return [301, 302, 303].includes(status) && (method === 'GET' || method === 'HEAD');
}
