/** Exercise 06.3: asking the token server that the registry named. */
import { CLIENT_ID, type Challenge, type Credentials, type TokenRequest } from '../auth/types.ts';
import { RegistryError, shown, shownUrl } from '../errors.ts';
import { isLoopback } from '../http/loopback.ts';

// #region exercise-06-3
/**
 * The request for a token that a Bearer challenge asks for. Pure. distribution, "Token
 * Authentication Specification" and "Token Authentication Implementation (OAuth2)".
 *
 * The challenge's `realm` is the address, see {@link tokenServer}. `service` is the challenge's, and
 * is left out if it has none.
 *
 * - Without credentials, or with a password: GET, with these parameters added to the realm's own
 *   query: `service`, one `scope` for each scope, `client_id` CLIENT_ID. With a password there is
 *   also `account`, the user's name, and the header `authorization`, `Basic ` and the base64 of
 *   `NAME:PASSWORD` in UTF-8.
 * - With an identity token: POST, with a form (application/x-www-form-urlencoded) of `grant_type`
 *   `refresh_token`, `service`, `client_id` CLIENT_ID, `scope` with all scopes and a space between
 *   two, and `refresh_token`. Nothing of this is in the address, which servers write into logs.
 *
 * @param registry the address of the registry that made the challenge.
 * @throws RegistryError BAD_RESPONSE, INSECURE: see {@link tokenServer}.
 */
export function tokenRequest(
  challenge: Challenge,
  scopes: readonly string[],
  credentials: Credentials | undefined,
  registry: URL,
): TokenRequest {
  const url = tokenServer(challenge.parameters.get('realm'), registry);
  const service = challenge.parameters.get('service');
  if (credentials !== undefined && 'identityToken' in credentials) {
    const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: CLIENT_ID });
    if (service !== undefined) form.set('service', service);
    form.set('scope', scopes.join(' '));
    form.set('refresh_token', credentials.identityToken);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST', url, headers, body: form.toString() };
  }
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  url.searchParams.set('client_id', CLIENT_ID);
  if (credentials === undefined) return { method: 'GET', url, headers: {} };
  url.searchParams.set('account', credentials.username);
  return { method: 'GET', url, headers: { authorization: basicAuthorization(credentials) } };
}

/** The `authorization` of a name and a password (RFC 7617). Pure. */
export function basicAuthorization({
  username,
  password,
}: {
  readonly username: string;
  readonly password: string;
}): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/**
 * The address of a token server, which is going to be sent credentials. Pure.
 *
 * It is `https:`. It may be `http:` only when the registry is `http:` itself, or is on this machine
 * ({@link isLoopback}). It is a whole address, and has no name or password in it.
 *
 * @throws RegistryError BAD_RESPONSE for what is no such address; INSECURE for `http:` elsewhere.
 */
export function tokenServer(realm: string | undefined, registry: URL): URL {
  const url = realm === undefined ? null : URL.parse(realm);
  const named = `the token server ${shown(realm ?? '')} that ${registry.host} names`;
  if (url === null || !['https:', 'http:'].includes(url.protocol)) {
    throw new RegistryError('BAD_RESPONSE', `${named} is no http or https address`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new RegistryError('BAD_RESPONSE', `${named} has a name or password in its address`);
  }
  if (url.protocol === 'https:') return url;
  if (registry.protocol === 'http:' || isLoopback(registry.hostname)) return url;
  throw new RegistryError(
    'INSECURE',
    `${shownUrl(url)}, the token server of ${registry.host}, is not encrypted: nothing is sent there`,
  );
}
// #endregion exercise-06-3
