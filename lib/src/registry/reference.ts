/** Names of images as Docker writes them: what is left when the short forms are written out. */
import type { Digest } from '../oci/index.ts';

/** Where an image is: in which registry, in which repository there, and which one. */
export interface Reference {
  /** A host, with `:PORT` if there is one; `docker.io` for Docker Hub. */
  readonly domain: string;
  /** The repository, such as `library/busybox`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** Docker Hub, which short names are in. */
export const DEFAULT_DOMAIN = 'docker.io';
/** Another name for it, of its earlier days. */
export const LEGACY_DEFAULT_DOMAIN = 'index.docker.io';
/** Where Docker Hub has the images without an owner. */
export const OFFICIAL_PREFIX = 'library/';
/** The longest `domain/path`, in characters. */
export const MAX_NAME_LENGTH = 255;

const TAG = /^\w[\w.-]{0,127}$/;

/** Whether a text is a tag (distribution-spec, "Pulling manifests"). */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** The same with the tag `latest`, if it has neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  const named = reference.tag !== undefined || reference.digest !== undefined;
  return named ? reference : { ...reference, tag: 'latest' };
}

/** What a manifest's address in the registry ends with: a digest is more exact than a tag. */
export function manifestName({ tag, digest }: Reference): string {
  return digest ?? tag ?? 'latest';
}
