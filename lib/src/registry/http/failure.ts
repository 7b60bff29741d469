/** Errors of Node's sockets and of OpenSSL, in words that say what to do. */
import { messageOf } from '../../base/index.ts';
import { RegistryError } from '../errors.ts';
import type { Failure } from '../transfer/types.ts';
import type { Reply } from './exchange.ts';

/** OpenSSL's words for a certificate that is not accepted, as Node has them in `code`. */
const CERTIFICATE =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_)/;

/** @returns RegistryError UNREACHABLE, UNTRUSTED or BAD_RESPONSE; one that is one already. */
export function connectionError(error: unknown, url: URL): RegistryError {
  if (error instanceof RegistryError) return error;
  const code = codeOf(error);
  const cause = { cause: error };
  const why = `${messageOf(error)}${code === '' ? '' : ` (${code})`}`;
  if (CERTIFICATE.test(code)) {
    return new RegistryError(
      'UNTRUSTED',
      `the certificate of ${url.host} is not trusted: ${why}. Put the certificate of who signed it ` +
        `into /etc/docker/certs.d/${url.host}/ca.crt`,
      cause,
    );
  }
  if (code.startsWith('HPE_')) {
    return new RegistryError('BAD_RESPONSE', `${url.host} does not speak HTTP: ${why}`, cause);
  }
  return new RegistryError('UNREACHABLE', `no answer from ${url.host}: ${why}`, cause);
}

/** What was thrown as a failure, if another try may help: of a connection, or a refusal. */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof RegistryError)) return undefined;
  const { code, status, retryAfter } = error;
  if (status !== undefined) return { kind: 'status', status, retryAfter };
  if (code === 'STALLED') return { kind: 'connection', code };
  if (code !== 'UNREACHABLE') return undefined;
  return { kind: 'connection', code: codeOf(error.cause) };
}

/** A response as a failure; whether it is one that passes is decided elsewhere. */
export function statusFailure({ status, headers }: Reply): Failure {
  return { kind: 'status', status, retryAfter: headers['retry-after'] };
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (typeof code === 'string') return code;
  // Of several addresses of a name, none answered.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return first === undefined ? '' : codeOf(first);
}
