/** Tags and referrers: lists that come in pages. */
import {
  MAX_DOCUMENT_SIZE,
  MEDIA_TYPE,
  parseManifest,
  type Digest,
  type ImageDescriptor,
} from '../../oci/index.ts';
import { messageOf } from '../../base/index.ts';
import { nextPage } from '#parts/registry/pages.ts';
import { RegistryError, shown } from '../errors.ts';
import type { Reply } from '../http/exchange.ts';
import { readBounded, readObject } from '../http/read.ts';
import { refusal } from '../http/refusal.ts';
import { isTag, type Reference } from '../reference.ts';
import type { Connection } from './connection.ts';
import { readFallback } from './referrers-fallback.ts';
import { pullScopes } from './scopes.ts';

/** Nobody has more; a registry that leads in circles has. */
const MAX_PAGES = 10_000;
const PAGE_SIZE = 1000;

/**
 * The tags of a repository, in the registry's order, as its pages come.
 *
 * @throws RegistryError NOT_FOUND, …; BAD_RESPONSE for a list that is none, or has no end.
 */
export async function* listTags(
  connection: Connection,
  reference: Reference,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const first = `${reference.path}/tags/list?n=${PAGE_SIZE}`;
  const doing = `list the tags of ${reference.path}`;
  for await (const reply of pages(connection, reference, first, signal)) {
    if (reply.status !== 200) throw await refusal(reply, doing);
    // A repository whose last tag was deleted has `null`.
    const tags = (await readObject(reply, MAX_DOCUMENT_SIZE))['tags'] ?? [];
    if (!Array.isArray(tags)) {
      throw new RegistryError('BAD_RESPONSE', `cannot ${doing}: ${reply.url.host} sent no list`);
    }
    for (const tag of tags as unknown[]) {
      if (typeof tag === 'string' && isTag(tag)) yield tag;
      else {
        const text = `${reply.url.host} lists the tag ${shown(JSON.stringify(tag))}`;
        throw new RegistryError('BAD_RESPONSE', `${text}, which is none`);
      }
    }
  }
}

/**
 * What refers to a manifest, such as its signatures (distribution-spec, "Listing Referrers").
 *
 * @param artifactType only those of this type.
 */
export async function listReferrers(
  connection: Connection,
  reference: Reference,
  subject: Digest,
  { artifactType, signal }: { artifactType?: string | undefined; signal?: AbortSignal | undefined },
): Promise<ImageDescriptor[]> {
  const query =
    artifactType === undefined ? '' : `?artifactType=${encodeURIComponent(artifactType)}`;
  const first = `${reference.path}/referrers/${subject}${query}`;
  const found: ImageDescriptor[] = [];
  for await (const reply of pages(connection, reference, first, signal)) {
    if (reply.status === 404) {
      await reply.discard();
      found.push(...(await readFallback(connection, reference, subject, signal)));
    } else if (reply.status === 200) found.push(...(await readReferrers(reply, subject)));
    else throw await refusal(reply, `list what refers to ${subject}`);
  }
  // The registry need not filter.
  return found.filter((each) => artifactType === undefined || each.artifactType === artifactType);
}

async function readReferrers(reply: Reply, subject: Digest): Promise<ImageDescriptor[]> {
  const text = (await readBounded(reply, MAX_DOCUMENT_SIZE)).toString();
  const where = `the referrers of ${subject} from ${reply.url.host}`;
  try {
    const document = parseManifest(text, MEDIA_TYPE.index, where);
    return document.kind === 'index' ? document.index.manifests : [];
  } catch (error) {
    throw new RegistryError('BAD_RESPONSE', messageOf(error), { cause: error });
  }
}

async function* pages(
  connection: Connection,
  reference: Reference,
  first: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Reply, void, undefined> {
  const visited = new Set<string>();
  let at: string | URL | undefined = first;
  while (at !== undefined) {
    const scopes = pullScopes(reference);
    const reply: Reply = await connection.request({ method: 'GET', at, scopes, signal });
    visited.add(reply.url.href);
    yield reply;
    at = reply.status === 200 ? nextPage(linkOf(reply), reply.url) : undefined;
    if (at !== undefined && (visited.has(at.href) || visited.size > MAX_PAGES)) {
      const message = `${reply.url.host} leads in a circle through the pages of ${first}`;
      throw new RegistryError('BAD_RESPONSE', message);
    }
  }
}

function linkOf({ headers: { link } }: Reply): string | undefined {
  return Array.isArray(link) ? link.join(', ') : link;
}
