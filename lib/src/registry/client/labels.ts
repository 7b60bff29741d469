/** The labels by which a store knows where content came from (containerd's). */
import type { Content, ContentLabels } from '../../image/index.ts';
import type { Digest } from '../../oci/index.ts';
import type { Reference } from '../reference.ts';

const CAME_FROM = 'containerd.io/distribution.source';

/** Where a blob can be had: its repositories, with commas between them. */
export function sourceLabels(
  content: Content,
  digest: Digest,
  { domain, path }: Reference,
): ContentLabels {
  const name = `${CAME_FROM}.${domain}`;
  return {
    [name]: [...new Set([...sourcesOf(content, digest, domain), path])].toSorted().join(','),
  };
}

/** The repositories of a registry that a blob came from. */
export function sourcesOf(content: Content, digest: Digest, domain: string): string[] {
  if (!content.has(digest)) return [];
  const label = content.info(digest).labels[`${CAME_FROM}.${domain}`] ?? '';
  return label.split(',').filter((path) => path !== '');
}
