/** Responses that are no success, as errors (distribution-spec, "Error Codes"). */
import { RegistryError, shown, shownUrl, type RegistryErrorCode } from '../errors.ts';
import type { Reply } from './exchange.ts';
import { readObject } from './read.ts';

/** An error document is not longer. */
const LIMIT = 64 << 10;

interface Reason {
  readonly code: string;
  readonly message: string;
}

/** @param doing for the message: what was tried, as in `pull busybox:latest`. */
export async function refusal(reply: Reply, doing: string): Promise<RegistryError> {
  const reasons = await readReasons(reply);
  const { status, url, headers } = reply;
  const code = codeOf(status, reasons);
  const told = reasons
    .slice(0, 3)
    .map((reason) => `${reason.code} ${shown(reason.message)}`)
    .join(', ');
  const wait = headers['retry-after'];
  const message =
    `cannot ${doing}: ${url.host} answered ${status}${told === '' ? '' : ` (${told})`}` +
    `${wait === undefined ? '' : `, to be asked again after ${shown(wait)}`}. ${advice(code, url)}`;
  return new RegistryError(code, message.trimEnd(), {
    status,
    reasons: reasons.map((reason) => reason.code),
    retryAfter: wait,
  });
}

async function readReasons(reply: Reply): Promise<Reason[]> {
  try {
    if (!(reply.headers['content-type'] ?? '').includes('json')) return [];
    const { errors } = await readObject(reply, LIMIT);
    if (!Array.isArray(errors)) return [];
    return errors.slice(0, 16).flatMap((error: unknown) => {
      const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
      if (typeof code !== 'string' || !/^\w{1,64}$/.test(code)) return [];
      return [{ code, message: typeof message === 'string' ? message : '' }];
    });
  } catch {
    return [];
  } finally {
    await reply.discard();
  }
}

function codeOf(status: number, reasons: readonly Reason[]): RegistryErrorCode {
  if (status === 401) return 'UNAUTHORIZED';
  if (status === 403) return 'DENIED';
  if (status === 404) return 'NOT_FOUND';
  if (status === 405 || status === 501) return 'UNSUPPORTED';
  if (status === 413) return 'TOO_LARGE';
  if (status === 429) return 'TOO_MANY_REQUESTS';
  if (status >= 500) return 'UNAVAILABLE';
  if (reasons.some(({ code }) => code === 'DIGEST_INVALID' || code === 'SIZE_INVALID')) {
    return 'BAD_CONTENT';
  }
  return status >= 400 ? 'INVALID_ARGUMENT' : 'BAD_RESPONSE';
}

function advice(code: RegistryErrorCode, url: URL): string {
  switch (code) {
    case 'UNAUTHORIZED':
      return `Log in to ${url.host} first, or with an account that may do this.`;
    case 'DENIED':
      return 'The account may not do this, or there is no such repository.';
    case 'NOT_FOUND':
      return 'Check the name.';
    case 'TOO_MANY_REQUESTS':
    case 'UNAVAILABLE':
      return 'Try again later.';
    default:
      return `The request was ${shownUrl(url)}.`;
  }
}
