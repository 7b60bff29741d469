/** The labels by which a store knows what an image needs, and where it came from (containerd's). */
import type { Content, ContentLabels } from '../../image/index.ts';
import type { Digest, ManifestOrIndex } from '../../oci/index.ts';
import type { Reference } from '../reference.ts';

const REFERS_TO = 'containerd.io/gc.ref.content';
const CAME_FROM = 'containerd.io/distribution.source';

/** What a manifest or index needs: its collector follows these. */
export function childLabels(document: ManifestOrIndex): ContentLabels {
  if (document.kind === 'index') {
    const { manifests } = document.index;
    return Object.fromEntries(manifests.map(({ digest }, at) => [`${REFERS_TO}.m.${at}`, digest]));
  }
  const { config, layers } = document.manifest;
  return Object.fromEntries([
    [`${REFERS_TO}.config`, config.digest],
    ...layers.map(({ digest }, at) => [`${REFERS_TO}.l.${at}`, digest]),
  ]) as ContentLabels;
}

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
