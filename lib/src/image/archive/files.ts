/**
 * The files of an archive of images, as they come, in any order: every one that may be a blob goes
 * into the store at once, for what the archive is and which of them it needs may be said at its end.
 * Documents are kept in memory, links by name.
 */
import { MAX_DOCUMENT_SIZE, isDigest, type Digest } from '../../oci/index.ts';
import type { Content } from '../content/types.ts';
import { ImageError } from '../errors.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { TarHandler } from '../tar/reader.ts';
import { archiveName, symlinkTarget } from './archive-name.ts';
import { isKept, Receiver, type ImportOptions } from './receive.ts';
import { MAX_DESCRIPTORS } from './tree.ts';

/** A file that is in the store. */
export interface StoredFile {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** Where a file's bytes go. */
interface Sink {
  write(bytes: Uint8Array): void;
  end(): void;
  abort(): void;
}

const DOCUMENTS: readonly string[] = ['oci-layout', 'index.json', 'manifest.json'];

/** What `docker save` writes for Docker of before 1.10, and nobody reads any more. */
const OBSOLETE = /(?:^|\/)(?:VERSION|json|repositories)$/;

/** For each layer docker writes a folder and up to three files. */
const MAX_ENTRIES = 4 * MAX_DESCRIPTORS;

/** A link to a link to a link …, as the kernel counts (path_resolution(7)). */
const MAX_LINKS = 40;

const NOWHERE: Sink = { write: () => undefined, end: () => undefined, abort: () => undefined };

export class ArchiveFiles implements TarHandler {
  readonly #content: Content;
  readonly #options: ImportOptions;
  readonly #documents = new Map<string, string>();
  readonly #files = new Map<string, StoredFile>();
  readonly #links = new Map<string, string>();
  #entries = 0;
  #sink = NOWHERE;

  constructor(content: Content, options: ImportOptions) {
    this.#content = content;
    this.#options = options;
  }

  /** The text of `oci-layout`, `index.json` or `manifest.json`. */
  document(name: string): string | undefined {
    return this.#documents.get(name);
  }

  /** The file of this name, through links. */
  find(name: string): StoredFile | undefined {
    let at = archiveName(name);
    for (let hops = 0; hops < MAX_LINKS; hops++) {
      const file = this.#files.get(at);
      const next = this.#links.get(at);
      if (file !== undefined || next === undefined) return file;
      at = next;
    }
    return undefined;
  }

  entry(entry: TarEntry): void {
    this.#entries += 1;
    if (this.#entries > MAX_ENTRIES) {
      const message = `the archive has more than ${MAX_ENTRIES} files`;
      throw new ImageError('TOO_LARGE', `${message}: it is no archive of images`);
    }
    const name = archiveName(entry.name);
    if (entry.type === 'symlink') this.#links.set(name, symlinkTarget(name, entry.linkName));
    if (entry.type === 'link') this.#links.set(name, archiveName(entry.linkName));
    this.#sink = entry.type === 'file' ? this.#sinkFor(name, entry) : NOWHERE;
  }

  data(bytes: Uint8Array): void {
    this.#sink.write(bytes);
  }

  end(): void {
    this.#sink.end();
    this.#sink = NOWHERE;
  }

  /** Throws away what is half done. */
  abort(): void {
    this.#sink.abort();
    this.#sink = NOWHERE;
  }

  #sinkFor(name: string, { size, sparse }: TarEntry): Sink {
    if (DOCUMENTS.includes(name)) return this.#document(name, size);
    if (OBSOLETE.test(name)) return NOWHERE;
    if (sparse === undefined) return this.#blob(name, size);
    const message = `${JSON.stringify(name)} in the archive is a sparse file`;
    throw new ImageError('BAD_ARCHIVE', `${message}: make it anew, without tar --sparse`);
  }

  #document(name: string, size: number): Sink {
    if (size > MAX_DOCUMENT_SIZE) {
      const message = `${name} in the archive has ${size} bytes, more than ${MAX_DOCUMENT_SIZE}`;
      throw new ImageError('TOO_LARGE', `${message}: do not use it`);
    }
    if (this.#documents.has(name)) {
      const message = `the archive has ${name} twice, and readers would not agree on which counts`;
      throw new ImageError('BAD_ARCHIVE', `${message}: do not use it`);
    }
    const pieces: Uint8Array[] = [];
    return {
      write: (bytes) => void pieces.push(Uint8Array.from(bytes)),
      end: () => void this.#documents.set(name, Buffer.concat(pieces).toString()),
      abort: () => undefined,
    };
  }

  #blob(name: string, size: number): Sink {
    const digest = digestIn(name);
    if (digest !== undefined && isKept(this.#content, digest, this.#options)) {
      this.#remember(name, this.#content.info(digest));
      return NOWHERE;
    }
    const announced = { name, size, ...(digest !== undefined && { digest }) };
    const receiver = new Receiver(this.#content, announced, this.#options);
    return {
      write: (bytes) => receiver.write(bytes),
      end: () => this.#remember(name, receiver.commit()),
      abort: () => receiver.abort(),
    };
  }

  #remember(name: string, { digest, size }: StoredFile): void {
    const before = this.#files.get(name);
    if (before !== undefined && before.digest !== digest) {
      const message = `the archive has ${JSON.stringify(name)} twice, with different contents`;
      throw new ImageError('BAD_ARCHIVE', `${message}: do not use it`);
    }
    this.#files.set(name, { digest, size });
  }
}

/** In a layout a blob's name is its digest (image-layout.md, "Blobs"). */
function digestIn(name: string): Digest | undefined {
  const [folder, algorithm = '', hex = '', ...rest] = name.split('/');
  const digest = `${algorithm}:${hex}`;
  return folder === 'blobs' && rest.length === 0 && isDigest(digest) ? digest : undefined;
}
