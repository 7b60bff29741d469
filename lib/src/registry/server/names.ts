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
  /** Whether anything was ever put into it. */
  has(repository: string): boolean;
  /** In the order of their characters' codes. */
  tags(repository: string): string[];
  /** What a tag names. */
  resolve(repository: string, tag: string): Digest | undefined;
  /** What is known of a manifest of the repository. */
  manifest(repository: string, digest: Digest): ManifestRecord | undefined;
  /** All of them. */
  manifests(repository: string): ManifestRecord[];
  /** Whether a blob is in the repository. */
  hasBlob(repository: string, digest: Digest): boolean;

  /** Takes a manifest in, and gives it the tag. */
  putManifest(repository: string, record: ManifestRecord, tag?: string): void;
  /** Takes a blob in. */
  putBlob(repository: string, digest: Digest): void;
  /** Whether there was such a tag. The manifest stays. */
  removeTag(repository: string, tag: string): boolean;
  /** Whether there was such a manifest. Its tags go too. */
  removeManifest(repository: string, digest: Digest): boolean;
  /** Whether there was such a blob. */
  removeBlob(repository: string, digest: Digest): boolean;
}
