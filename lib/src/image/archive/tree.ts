/**
 * Images as trees of descriptors: index, manifests, configs and layers, each visited after what it
 * needs. An index may lack images, as long as one is whole: who pulls or saves an image for one
 * platform has no others.
 *
 * What is written in the documents comes from strangers, so depth and number are bounded; a piece
 * that many refer to is taken once.
 */
import { isForeignLayer, type ImageDescriptor, type ManifestOrIndex } from '../../oci/index.ts';
import type { ContentReader } from '../content/types.ts';
import { childrenOf, isDocument, readDocument } from '../document.ts';
import { ImageError } from '../errors.ts';
import { MAX_INDEX_DEPTH } from '../read.ts';

/** What is done with the pieces. */
export interface TreeVisitor {
  /** Sees to it that a piece is in the store; `false` if it cannot be had. */
  take(descriptor: ImageDescriptor): Promise<boolean>;
  /** A manifest or index, after all that it needs. */
  document?(descriptor: ImageDescriptor, document: ManifestOrIndex): void;
}

/** Documents, configs and layers that are visited at once. */
export const MAX_DESCRIPTORS = 10_000;

/** A piece that is not there, and the document that needs it. */
interface Missing {
  readonly piece: ImageDescriptor;
  readonly needed: string;
}

export class ImageTrees {
  readonly #content: ContentReader;
  readonly #source: string;
  readonly #visitor: TreeVisitor;
  /** What became of each piece; one that is being visited counts as there. */
  readonly #visited = new Map<string, Missing | undefined>();
  #count = 0;

  /** @param source for messages: where the images come from. */
  constructor(content: ContentReader, source: string, visitor: TreeVisitor) {
    this.#content = content;
    this.#source = source;
    this.#visitor = visitor;
  }

  /**
   * Visits all of an image.
   *
   * @throws ImageError NOT_FOUND for a piece that is missing; BAD_CONTENT, TOO_LARGE; ConfigError.
   */
  async add(root: ImageDescriptor): Promise<void> {
    if (!isDocument(root)) {
      const message = `${this.#source} names ${root.digest}, which is ${root.mediaType}`;
      throw new ImageError('INVALID_ARGUMENT', `${message} and no image: take it out of its index`);
    }
    const missing = await this.#visit(root, 'its index', 0);
    if (missing === undefined) return;
    const { piece, needed } = missing;
    throw new ImageError(
      'NOT_FOUND',
      `${this.#source} has no content ${piece.digest} (${piece.mediaType}), which ${needed} needs: ` +
        'pull or save the image again, whole',
    );
  }

  async #visit(
    piece: ImageDescriptor,
    needed: string,
    depth: number,
  ): Promise<Missing | undefined> {
    this.#count += 1;
    if (this.#count > MAX_DESCRIPTORS) throw this.#tooMuch(`more than ${MAX_DESCRIPTORS} pieces`);
    if (depth > MAX_INDEX_DEPTH) throw this.#tooMuch(`${depth} documents in each other`);
    const key = `${piece.digest} ${piece.size} ${piece.mediaType}`;
    if (this.#visited.has(key)) return this.#visited.get(key);
    this.#visited.set(key, undefined);
    const missing = await this.#takeAll(piece, needed, depth);
    this.#visited.set(key, missing);
    return missing;
  }

  async #takeAll(
    piece: ImageDescriptor,
    needed: string,
    depth: number,
  ): Promise<Missing | undefined> {
    if (!(await this.#visitor.take(piece))) {
      return isForeignLayer(piece.mediaType) ? undefined : { piece, needed };
    }
    this.#checkSize(piece);
    if (!isDocument(piece)) return undefined;
    const document = readDocument(this.#content, piece);
    const found: (Missing | undefined)[] = [];
    for (const child of childrenOf(document)) {
      found.push(await this.#visit(child, piece.digest, depth + 1));
    }
    this.#visitor.document?.(piece, document);
    if (document.kind === 'index' && found.includes(undefined)) return undefined;
    return found.find((missing) => missing !== undefined);
  }

  #checkSize({ digest, size }: ImageDescriptor): void {
    const found = this.#content.info(digest).size;
    if (found === size) return;
    const message = `${digest} has ${found} bytes, and ${this.#source} announces ${size}`;
    throw new ImageError('BAD_CONTENT', `${message}: it is damaged, make it anew`);
  }

  #tooMuch(what: string): ImageError {
    return new ImageError('TOO_LARGE', `${this.#source} is refused: it has ${what}`);
  }
}
