/** What a registry knows by name: the repositories, their tags, and which content is in them. */
import type { Digest, ImageDescriptor } from '../../oci/index.ts';

/** A manifest or an index of a repository. */
export interface ManifestRecord {
  /** With its artifact type and annotations, as a list of referrers has them. */
  readonly descriptor: ImageDescriptor;
  /** What it is about. */
  readonly subject?: Digest;
}

/** The names of a registry. The content itself is in a store. */
export interface RegistryNames {
  has(repository: string): boolean;
  /** In the order of their characters' codes. */
  tags(repository: string): string[];
  resolve(repository: string, tag: string): Digest | undefined;
  manifest(repository: string, digest: Digest): ManifestRecord | undefined;
  manifests(repository: string): ManifestRecord[];
  hasBlob(repository: string, digest: Digest): boolean;

  putManifest(repository: string, record: ManifestRecord, tag?: string): void;
  putBlob(repository: string, digest: Digest): void;
  /** These say whether there was such a one. */
  removeTag(repository: string, tag: string): boolean;
  /** Its tags go too. */
  removeManifest(repository: string, digest: Digest): boolean;
  removeBlob(repository: string, digest: Digest): boolean;
}
