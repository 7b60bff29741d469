/** Exercise 06.4: where a registry may send us, and what we may take along. */
import { RegistryError, shown } from '../errors.ts';

// #region exercise-06-4
/**
 * Whether the credentials for `registry` may be sent to `target`. Pure.
 *
 * Only if scheme, host and port are all the same. A port that is not written is the scheme's own (443,
 * 80); hosts have no case; a host below the registry's (`cdn.example.org` of `example.org`) is another
 * one. Schemes other than `https:` and `http:` never get any.
 */
export function maySendCredentials(target: URL, registry: URL): boolean {
  return (
    ['https:', 'http:'].includes(target.protocol) &&
    target.protocol === registry.protocol &&
    target.hostname === registry.hostname &&
    target.port === registry.port
  );
}

/**
 * The address that a `Location` header means, of a redirect or an upload. Pure. RFC 9110, 10.2.2.
 *
 * A relative one (`/v2/…`, `?state=…`, `//host/…`) is relative to `from`. It may lead to another host:
 * layers often come from a store behind the registry. An empty one is `from` itself. Who may be told the credentials there is the
 * other function's question.
 *
 * @param location the header; `undefined` if there was none.
 * @param from the address that was asked.
 * @throws RegistryError BAD_RESPONSE if there is none, if it is no `https:` or `http:` address, or if
 *   it has a name or a password in it; of the rest, INSECURE if it leads from `https:` to `http:`.
 */
export function locationFrom(location: string | undefined, from: URL): URL {
  const url = location === undefined ? null : URL.parse(location, from);
  const sent = `${from.host} sent us to ${shown(location ?? '')}`;
  if (url === null || !['https:', 'http:'].includes(url.protocol)) {
    throw new RegistryError('BAD_RESPONSE', `${sent}, which is no http or https address`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new RegistryError('BAD_RESPONSE', `${sent}, with a name or password in the address`);
  }
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw new RegistryError('INSECURE', `${sent}, which is not encrypted: it is not followed`);
  }
  return url;
}
// #endregion exercise-06-4
