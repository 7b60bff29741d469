/** What is decided about one try of a request, or one part of a body. */

/** Why a try failed, as far as it matters for the next one. */
export type Failure =
  | {
      readonly kind: 'status';
      readonly status: number;
      /** The header `Retry-After`. */
      readonly retryAfter?: string | undefined;
    }
  /** No response, or not all of it: `ECONNRESET` and so on, or `STALLED`. */
  | { readonly kind: 'connection'; readonly code: string };

/** How patient a client is. Times are in milliseconds. */
export interface RetryPolicy {
  /** How often to try in all. */
  readonly tries: number;
  /** The wait after the first try, doubled after each of the others. */
  readonly firstWait: number;
  /** No wait is longer. */
  readonly longestWait: number;
}

/** Failures of a connection that may be gone at the next try; STALLED: nothing came for too long. */
export const PASSING_FAILURES: readonly string[] = [
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'STALLED',
];

/** A response to a request for the bytes from an offset on. */
export interface RangeResponse {
  readonly status: number;
  readonly contentRange?: string | undefined;
  readonly contentLength?: string | undefined;
}

/** What to do with such a response. */
export type RangeStep =
  /** Write its body behind what is there. */
  | { readonly action: 'append' }
  /** Throw away what is there; write its body, or if it has none, ask anew from the beginning. */
  | { readonly action: 'restart'; readonly body: boolean }
  /** Everything is there. */
  | { readonly action: 'complete' }
  | { readonly action: 'refuse'; readonly reason: string };
