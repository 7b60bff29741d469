/** What token servers answer (distribution, "Token Authentication Specification"). */
import { RegistryError, shownUrl } from '../errors.ts';
import type { Reply } from '../http/exchange.ts';
import { readObject } from '../http/read.ts';
import { refusal } from '../http/refusal.ts';
import type { Token } from './authorizer.ts';

/** A token of Docker Hub has some 2 KiB. */
const LIMIT = 256 << 10;
/** Seconds, where the server does not say. */
const DEFAULT_LIFETIME = 60;
const LONGEST_LIFETIME = 24 * 3600;

/** @throws RegistryError UNAUTHORIZED, BAD_RESPONSE, … */
export async function readToken(reply: Reply): Promise<Token> {
  if (reply.status !== 200) throw await refusal(reply, 'get a token');
  const answer = await readObject(reply, LIMIT);
  // OAuth2 calls it access_token, and the older protocol token; some servers send both.
  const token = [answer['token'], answer['access_token']].find((value) => value !== undefined);
  const lifetime = answer['expires_in'] ?? DEFAULT_LIFETIME;
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new RegistryError('BAD_RESPONSE', `${shownUrl(reply.url)} answered without a token`);
  }
  if (typeof lifetime !== 'number' || lifetime < 0) {
    throw new RegistryError('BAD_RESPONSE', `${shownUrl(reply.url)} gave a token without an end`);
  }
  return { token, lifetime: Math.min(lifetime, LONGEST_LIFETIME) };
}
