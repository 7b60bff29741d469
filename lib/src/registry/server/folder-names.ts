/**
 * Names in a folder: one JSON file for each repository, named by the hash of its name. A change is a
 * whole new file that is on disk (fsync) before it takes the name (rename(2)). One server uses a
 * folder at a time.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../base/index.ts';
import type { Digest } from '../../oci/index.ts';
import { RegistryError } from '../errors.ts';
import type { ManifestRecord, RegistryNames } from './names.ts';

interface Repository {
  readonly name: string;
  readonly tags: Map<string, Digest>;
  readonly manifests: Map<Digest, ManifestRecord>;
  readonly blobs: Set<Digest>;
}

/** As it is in a file. */
interface Saved {
  readonly name: string;
  readonly tags: [string, Digest][];
  readonly manifests: ManifestRecord[];
  readonly blobs: Digest[];
}

/** @throws RegistryError BAD_CONFIG for a file that is damaged. */
export function folderNames(directory: string): RegistryNames {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const files = readdirSync(directory).filter((name) => name.endsWith('.json'));
  return new FolderNames(
    directory,
    files.map((name) => load(path.join(directory, name))),
  );
}

class FolderNames implements RegistryNames {
  readonly #directory: string;
  readonly #repositories: Map<string, Repository>;

  constructor(directory: string, repositories: readonly Repository[]) {
    this.#directory = directory;
    this.#repositories = new Map(repositories.map((each) => [each.name, each]));
  }

  has(repository: string): boolean {
    return this.#repositories.has(repository);
  }

  tags(repository: string): string[] {
    const tags = [...(this.#repositories.get(repository)?.tags.keys() ?? [])];
    return tags.toSorted((a, b) => (a < b ? -1 : 1));
  }

  resolve(repository: string, tag: string): Digest | undefined {
    return this.#repositories.get(repository)?.tags.get(tag);
  }

  manifest(repository: string, digest: Digest): ManifestRecord | undefined {
    return this.#repositories.get(repository)?.manifests.get(digest);
  }

  manifests(repository: string): ManifestRecord[] {
    return [...(this.#repositories.get(repository)?.manifests.values() ?? [])];
  }

  hasBlob(repository: string, digest: Digest): boolean {
    return this.#repositories.get(repository)?.blobs.has(digest) ?? false;
  }

  putManifest(repository: string, record: ManifestRecord, tag?: string): void {
    this.#change(repository, ({ manifests, tags }) => {
      manifests.set(record.descriptor.digest, record);
      if (tag !== undefined) tags.set(tag, record.descriptor.digest);
      return true;
    });
  }

  putBlob(repository: string, digest: Digest): void {
    if (this.hasBlob(repository, digest)) return;
    this.#change(repository, ({ blobs }) => blobs.add(digest).has(digest));
  }

  removeTag(repository: string, tag: string): boolean {
    return this.#change(repository, ({ tags }) => tags.delete(tag));
  }

  removeManifest(repository: string, digest: Digest): boolean {
    return this.#change(repository, ({ manifests, tags }) => {
      for (const [tag, target] of tags) if (target === digest) tags.delete(tag);
      return manifests.delete(digest);
    });
  }

  removeBlob(repository: string, digest: Digest): boolean {
    return this.#change(repository, ({ blobs }) => blobs.delete(digest));
  }

  /** Changes a copy, and takes it over once it is on disk. */
  #change(name: string, change: (repository: Repository) => boolean): boolean {
    const old = this.#repositories.get(name);
    const repository = {
      name,
      tags: new Map(old?.tags),
      manifests: new Map(old?.manifests),
      blobs: new Set(old?.blobs),
    };
    if (!change(repository)) return false;
    save(this.#directory, repository);
    this.#repositories.set(name, repository);
    return true;
  }
}

function load(file: string): Repository {
  try {
    const { name, tags, manifests, blobs } = JSON.parse(readFileSync(file, 'utf8')) as Saved;
    return {
      name,
      tags: new Map(tags),
      manifests: new Map(manifests.map((each) => [each.descriptor.digest, each])),
      blobs: new Set(blobs),
    };
  } catch (error) {
    const message = `${file} holds no names of a registry: ${messageOf(error)}. Restore or remove it`;
    throw new RegistryError('BAD_CONFIG', message, { cause: error });
  }
}

function save(directory: string, { name, tags, manifests, blobs }: Repository): void {
  const hash = createHash('sha256').update(name).digest('hex');
  const file = path.join(directory, `${hash}.json`);
  const saved: Saved = {
    name,
    tags: [...tags],
    manifests: [...manifests.values()],
    blobs: [...blobs],
  };
  const fd = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeSync(fd, JSON.stringify(saved));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${file}.new`, file);
}
