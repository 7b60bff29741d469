/**
 * The `authorization` of requests to one registry.
 *
 *     request without ─▶ 401 and challenge ─▶ token for the scopes ─▶ request with it
 *
 * After the first challenge the registry is known, and later requests bring a token at once: one
 * that is kept for the same scopes until shortly before its end, or a new one.
 */
import { parseChallenges } from '#parts/registry/challenge.ts';
import { basicAuthorization, tokenRequest } from '#parts/registry/token-request.ts';
import type { Clock } from '../http/clock.ts';
import type { Challenge, Credentials, TokenRequest } from './types.ts';

/** What a token server gives. */
export interface Token {
  readonly token: string;
  /** Seconds. */
  readonly lifetime: number;
}

export interface AuthorizerOptions {
  readonly registry: URL;
  readonly clock: Clock;
  readonly credentials: (signal?: AbortSignal) => Promise<Credentials | undefined>;
  readonly fetchToken: (request: TokenRequest, signal?: AbortSignal) => Promise<Token>;
}

interface KeptToken {
  readonly header: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** Of its lifetime, a token is not used in this last part: the request takes time too. */
const MARGIN = 0.1;
/** Scopes for which tokens are kept. */
const MAX_TOKENS = 256;

export class Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #tokens = new Map<string, KeptToken>();
  #challenge: Challenge | undefined;

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  /** What to send along; nothing as long as the registry has not asked. */
  async header(scopes: readonly string[], signal?: AbortSignal): Promise<string | undefined> {
    return this.#challenge === undefined
      ? undefined
      : this.#answer(this.#challenge, scopes, signal);
  }

  /**
   * What to send after a 401: never what was refused.
   *
   * @param header `WWW-Authenticate`.
   * @returns nothing if there is no answer to what it asks.
   * @throws RegistryError BAD_RESPONSE, INSECURE, or as the token server fails.
   */
  async renew(
    header: string,
    scopes: readonly string[],
    refused: string | undefined,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const challenges = parseChallenges(header);
    const challenge =
      challenges.find(({ scheme }) => scheme === 'bearer') ??
      challenges.find(({ scheme }) => scheme === 'basic');
    if (challenge === undefined) return undefined;
    this.#challenge = challenge;
    for (const [key, kept] of this.#tokens) if (kept.header === refused) this.#tokens.delete(key);
    const answer = await this.#answer(challenge, scopes, signal);
    return answer === refused ? undefined : answer;
  }

  async #answer(
    challenge: Challenge,
    scopes: readonly string[],
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    if (challenge.scheme === 'bearer') return this.#bearer(challenge, scopes, signal);
    const credentials = await this.#options.credentials(signal);
    if (credentials === undefined || 'identityToken' in credentials) return undefined;
    return basicAuthorization(credentials);
  }

  async #bearer(
    challenge: Challenge,
    scopes: readonly string[],
    signal?: AbortSignal,
  ): Promise<string> {
    const { clock, registry, credentials, fetchToken } = this.#options;
    const wanted = scopes.length > 0 ? scopes : scopesOf(challenge);
    const key = JSON.stringify([
      challenge.parameters.get('realm'),
      challenge.parameters.get('service'),
      wanted.toSorted(),
    ]);
    const kept = this.#tokens.get(key);
    if (kept !== undefined && kept.expires > clock.now()) return kept.header;
    const request = tokenRequest(challenge, wanted, await credentials(signal), registry);
    const asked = clock.now();
    const { token, lifetime } = await fetchToken(request, signal);
    const header = `Bearer ${token}`;
    if (this.#tokens.size >= MAX_TOKENS) this.#tokens.clear();
    this.#tokens.set(key, { header, expires: asked + lifetime * 1000 * (1 - MARGIN) });
    return header;
  }
}

function scopesOf({ parameters }: Challenge): string[] {
  return (parameters.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
}
