/** What is said between a registry, who asks it, and the server that gives out its tokens. */

/** One way to identify oneself that a server offers (RFC 9110, 11.6.1). */
export interface Challenge {
  /** In lower case: `bearer`, `basic`, … */
  readonly scheme: string;
  /** By names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** The longest `WWW-Authenticate` that is read, in characters. */
export const MAX_CHALLENGE_LENGTH = 8192;

/** Who asks: by a password, or by the token that an earlier login was given for it. */
export type Credentials =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string };

/** How to ask for a token. */
export interface TokenRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A form, of a POST. */
  readonly body?: string;
}

/** How this client calls itself where a token server wants to know. */
export const CLIENT_ID = 'coracle';
