/** Lists of a repository: tags in pages, and what refers to a manifest. */
import { MEDIA_TYPE } from '../../oci/index.ts';
import { ApiError } from './api-error.ts';
import { digestFrom, type Exchange, type Site } from './site.ts';

/** Tags of one page, whatever is asked for. */
const MAX_PAGE = 10_000;

/** `?n=` tags after `?last=` (distribution-spec, "Listing Tags"). */
export function listTags({ names }: Site, exchange: Exchange): void {
  const { repository, query } = exchange;
  if (!names.has(repository)) {
    throw new ApiError(404, 'NAME_UNKNOWN', `there is no repository ${repository}`);
  }
  const asked = query.get('n') ?? String(MAX_PAGE);
  if (!/^\d+$/.test(asked)) {
    throw new ApiError(400, 'UNSUPPORTED', `n=${asked} is no number of tags`);
  }
  const after = query.get('last') ?? '';
  const rest = names.tags(repository).filter((tag) => tag > after);
  const tags = rest.slice(0, Math.min(Number(asked), MAX_PAGE));
  const last = tags.at(-1);
  const more = last !== undefined && tags.length < rest.length;
  const next = `</v2/${repository}/tags/list?n=${tags.length}&last=${String(last)}>; rel="next"`;
  sendJson(exchange, 'application/json', { name: repository, tags }, more ? { link: next } : {});
}

/** `?artifactType=` filters (distribution-spec, "Listing Referrers"). */
export function listReferrers({ names }: Site, exchange: Exchange): void {
  const { repository, name, query } = exchange;
  const subject = digestFrom(name);
  const type = query.get('artifactType');
  const manifests = names
    .manifests(repository)
    .filter((record) => record.subject === subject)
    .map(({ descriptor }) => descriptor)
    .filter(({ artifactType }) => type === null || artifactType === type);
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests };
  const filtered = type === null ? {} : { 'oci-filters-applied': 'artifactType' };
  sendJson(exchange, MEDIA_TYPE.index, index, filtered);
}

function sendJson(
  { request, response }: Exchange,
  type: string,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(200, { 'content-type': type, 'content-length': body.length, ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}
