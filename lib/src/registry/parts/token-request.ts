/** Exercise 06.3: asking the token server that the registry named. */
import { CLIENT_ID, type Challenge, type Credentials, type TokenRequest } from '../auth/types.ts';
import { RegistryError, shown, shownUrl } from '../errors.ts';
import { isLoopback } from '../http/loopback.ts';

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

// #region exercise-06-3
/**
 * The request for a token that a Bearer challenge asks for. Pure. distribution, "Token
 * Authentication Specification" and "Token Authentication Implementation (OAuth2)".
 *
 * The address is the challenge's parameter `realm`, as {@link tokenServer} allows it. `service` is the
 * challenge's parameter of that name, and is left out if it has none.
 *
 * - Without credentials, or with a name and a password: GET, no body, and these parameters added to
 *   those that the realm's address has already: `service`; one `scope` for each of `scopes`, in order;
 *   `client_id`, which is CLIENT_ID; and with a password `account`, the user's name. With a password
 *   there is one header, `authorization`, by {@link basicAuthorization}; without, there is none.
 * - With an identity token: POST, to the realm's address as it is, with the header `content-type`
 *   `application/x-www-form-urlencoded` and such a form as the body: `grant_type`, which is
 *   `refresh_token`; `client_id`; `service`; `scope`, all of `scopes` with a space between two, if there
 *   are any; and `refresh_token`, the identity token. Servers write addresses into logs, so nothing of
 *   this is in the address.
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
    if (scopes.length > 0) form.set('scope', scopes.join(' '));
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

/**
 * The address of a token server, which is going to be sent credentials. Pure.
 *
 * It must be a whole address, `https:` or `http:`, with no name or password in it. `http:`, where
 * everybody on the way can read, is allowed only if the registry itself was asked by `http:`, or if
 * both registry and token server are on this machine ({@link isLoopback} of their host names). A token
 * server here that a registry far away names is not meant well.
 *
 * @param realm what the challenge says; `undefined` if it has none.
 * @throws RegistryError INSECURE for `http:` where it is not allowed; BAD_RESPONSE for the rest.
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
  const bothHere = isLoopback(registry.hostname) && isLoopback(url.hostname);
  if (registry.protocol === 'http:' || bothHere) return url;
  throw new RegistryError(
    'INSECURE',
    `${shownUrl(url)}, the token server of ${registry.host}, is not encrypted: nothing is sent there`,
  );
}
// #endregion exercise-06-3
