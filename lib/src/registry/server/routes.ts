/** Which handler a request is for (distribution-spec, "Endpoints"). */
import { ApiError } from './api-error.ts';
import { deleteBlob, getBlob } from './blobs.ts';
import { listReferrers, listTags } from './lists.ts';
import { deleteManifest, getManifest, putManifest } from './manifests.ts';
import type { Handler } from './site.ts';
import {
  appendUpload,
  beginUpload,
  cancelUpload,
  finishUpload,
  uploadStatus,
} from './upload-handlers.ts';

export interface Route {
  readonly repository: string;
  readonly name: string;
  readonly handler: Handler;
}

type Handlers = Readonly<Record<string, Handler>>;

const NAME = /^[a-z\d]+(?:(?:\.|__?|-+)[a-z\d]+)*(?:\/[a-z\d]+(?:(?:\.|__?|-+)[a-z\d]+)*)*$/;
const MAX_NAME = 255;

/** Of a repository the longest: its own parts may be called `blobs` too. */
const ROUTES: readonly { readonly path: RegExp; readonly handlers: Handlers }[] = [
  { path: /^\/v2\/(.+)\/blobs\/uploads\/?()$/, handlers: { POST: beginUpload } },
  {
    path: /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/,
    handlers: {
      GET: uploadStatus,
      PATCH: appendUpload,
      PUT: finishUpload,
      DELETE: cancelUpload,
    },
  },
  {
    path: /^\/v2\/(.+)\/blobs\/([^/]+)$/,
    handlers: { GET: getBlob, HEAD: getBlob, DELETE: deleteBlob },
  },
  {
    path: /^\/v2\/(.+)\/manifests\/([^/]+)$/,
    handlers: { GET: getManifest, HEAD: getManifest, PUT: putManifest, DELETE: deleteManifest },
  },
  { path: /^\/v2\/(.+)\/tags\/(list)$/, handlers: { GET: listTags, HEAD: listTags } },
  {
    path: /^\/v2\/(.+)\/referrers\/([^/]+)$/,
    handlers: { GET: listReferrers, HEAD: listReferrers },
  },
];

/** @throws ApiError. */
export function routeFor(method: string, pathname: string): Route {
  for (const { path, handlers } of ROUTES) {
    const match = path.exec(pathname);
    if (match === null) continue;
    const [, repository = '', name = ''] = match;
    if (repository.length > MAX_NAME || !NAME.test(repository)) {
      throw new ApiError(400, 'NAME_INVALID', 'that is no name of a repository');
    }
    const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
    if (handler !== undefined) return { repository, name: decode(name), handler };
    const allow = Object.keys(handlers).join(', ');
    throw new ApiError(405, 'UNSUPPORTED', `${method} is not for this path`, { allow });
  }
  throw new ApiError(404, 'UNSUPPORTED', 'there is no such path in the API');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError(400, 'UNSUPPORTED', 'the path is not encoded as it must be');
  }
}
