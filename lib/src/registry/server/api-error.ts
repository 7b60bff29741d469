/** Refusals as the distribution-spec has them ("Error Codes"). */
import type { IncomingMessage, ServerResponse } from 'node:http';

export type ApiErrorCode =
  | 'BLOB_UNKNOWN'
  | 'BLOB_UPLOAD_INVALID'
  | 'BLOB_UPLOAD_UNKNOWN'
  | 'DIGEST_INVALID'
  | 'MANIFEST_BLOB_UNKNOWN'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'SIZE_INVALID'
  | 'UNAUTHORIZED'
  | 'UNSUPPORTED'
  | 'TOOMANYREQUESTS'
  | 'UNKNOWN';

/** A refusal on its way to the client. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: ApiErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: ApiErrorCode,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** A body that nobody is going to read is read so far; a longer one ends the connection. */
const SHORT_REST = 1 << 20;

/** Answers with a refusal; if an answer has begun already, the connection ends. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: ApiError,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, code, message, headers } = error;
  const body = Buffer.from(JSON.stringify({ errors: [{ code, message, detail: {} }] }));
  const rest = Number(request.headers['content-length'] ?? 0);
  const endless = request.headers['transfer-encoding'] !== undefined || rest > SHORT_REST;
  const cut = !request.complete && endless;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...headers,
    ...(cut && { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
