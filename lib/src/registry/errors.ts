import { CoracleError } from '../base/index.ts';

/** What went wrong with a registry; never changes, for programs to tell apart. */
export type RegistryErrorCode =
  /** The text is no name of an image. */
  | 'BAD_REFERENCE'
  /** What was asked for makes no sense. */
  | 'INVALID_ARGUMENT'
  /** The registry has no such repository, tag, manifest or blob. */
  | 'NOT_FOUND'
  /** It wants credentials, or other ones. */
  | 'UNAUTHORIZED'
  /** It knows who asks, and does not allow it. */
  | 'DENIED'
  /** The next step would send in the clear, or to a stranger, what must not be. */
  | 'INSECURE'
  /** Nobody answers at that address, or what answers does not speak HTTP. */
  | 'UNREACHABLE'
  /** The certificate of the other side is not trusted. */
  | 'UNTRUSTED'
  /** No byte came for too long. */
  | 'STALLED'
  | 'TOO_MANY_REQUESTS'
  /** The registry has a trouble of its own (5xx). */
  | 'UNAVAILABLE'
  /** The registry does not do that. */
  | 'UNSUPPORTED'
  /** The answer is not what the distribution-spec allows. */
  | 'BAD_RESPONSE'
  /** Digest, size or media type are not what was promised. */
  | 'BAD_CONTENT'
  /** Larger, deeper or longer than anything reasonable. */
  | 'TOO_LARGE'
  /** Docker's config.json, a credential helper or a certificate's file is not usable. */
  | 'BAD_CONFIG';

/** What a {@link RegistryError} knows besides its message. */
export interface RegistryErrorDetails extends ErrorOptions {
  /** The status of the HTTP response. */
  readonly status?: number;
  /** The error codes that the registry gave (distribution-spec, "Error Codes"). */
  readonly reasons?: readonly string[];
  /** The header `Retry-After` of that response. */
  readonly retryAfter?: string | undefined;
}

/** A registry refused, lied, or could not be reached. */
export class RegistryError extends CoracleError {
  declare readonly code: RegistryErrorCode;
  readonly status: number | undefined;
  readonly reasons: readonly string[];
  readonly retryAfter: string | undefined;

  constructor(code: RegistryErrorCode, message: string, details: RegistryErrorDetails = {}) {
    const { status, reasons = [], retryAfter, ...options } = details;
    super(code, message, options);
    this.status = status;
    this.reasons = reasons;
    this.retryAfter = retryAfter;
  }
}

/** A text of a stranger for a message: on one line, printable, and not endless. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

/** An address for a message: what follows the path may hold signatures and tokens. */
export function shownUrl(url: URL): string {
  return url.origin + url.pathname;
}
