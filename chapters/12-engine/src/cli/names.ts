/** From what a person types to an image of the store. */
import { CoracleError } from 'coracle/base';
import {
  ImageError,
  readImage,
  type ContentStore,
  type Image,
  type ReadImage,
} from 'coracle/image';
import type { Digest, ImageDescriptor, Platform } from 'coracle/oci';
import {
  canonicalName,
  familiarName,
  parseReference,
  withDefaultTag,
  type Reference,
} from 'coracle/registry';

/** No such image, or one that is not clear. */
class NameError extends CoracleError {
  constructor(message: string) {
    super('NO_SUCH_IMAGE', message);
  }
}

/** A name as it is kept in the store: written out in full, with a tag or a digest. */
export function storedName(text: string): string {
  return canonicalName(withDefaultTag(parseReference(text)));
}

/**
 * The name under which an image of an archive is kept. Some layouts have tags alone (`1.0`): then
 * the archive's own name goes before it.
 *
 * @param base of the archive.
 */
export function nameOfImport(name: string, base: string): string {
  if (/[/:@]/.test(name)) return storedName(name);
  const repository = base
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return storedName(`localhost/${repository === '' ? 'image' : repository}:${name}`);
}

/** A stored name in two columns; what another program has named otherwise stays as it is. */
export function shownName(name: string): { repository: string; tag: string } {
  const reference = referenceOf(name);
  if (reference === undefined) return { repository: name, tag: '<none>' };
  const { domain, path, tag = '<none>' } = reference;
  return { repository: familiarName({ domain, path }), tag };
}

/**
 * Finds an image by name, or by the beginning of its id or of its digest.
 *
 * @throws NameError.
 */
export function findImage(content: ContentStore, text: string): Image {
  const byId = /^(?:sha256:)?[0-9a-f]{4,64}$/.test(text) ? imagesOf(content, text) : [];
  const digests = new Set(byId.map(({ target }) => target.digest));
  if (digests.size > 1) {
    throw new NameError(`${text} is the beginning of ${digests.size} ids: give more of it`);
  }
  const [first] = byId;
  if (first !== undefined) return first;
  const found = content.images.find(storedName(text));
  if (found !== undefined) return found;
  throw new NameError(`no image ${text} here: 'coracle pull ${text}' or 'coracle images' may help`);
}

/** The config's digest: what Docker calls an image's id. `undefined` if its parts are not here. */
function imageId(content: ContentStore, image: Image): Digest | undefined {
  return tryRead(content, image.target)?.manifest.config.digest;
}

/** An image, or `undefined` for an artifact, which has nothing to unpack. @throws as `readImage`. */
export function readUnlessArtifact(
  content: ContentStore,
  target: ImageDescriptor,
  platform?: Platform,
): ReadImage | undefined {
  try {
    return readImage(content, target, platform);
  } catch (error) {
    if (error instanceof ImageError && error.code === 'NOT_AN_IMAGE') return undefined;
    throw error;
  }
}

/** What there is to show of an image, however damaged. */
export function tryRead(content: ContentStore, target: ImageDescriptor): ReadImage | undefined {
  try {
    return readImage(content, target);
  } catch (error) {
    if (error instanceof CoracleError) return undefined;
    throw error;
  }
}

function imagesOf(content: ContentStore, text: string): Image[] {
  const hex = text.replace(/^sha256:/, '');
  const begins = (digest: Digest | undefined): boolean =>
    digest?.startsWith(`sha256:${hex}`) ?? false;
  return content.images
    .list()
    .filter((image) => begins(image.target.digest) || begins(imageId(content, image)));
}

function referenceOf(name: string): Reference | undefined {
  try {
    return parseReference(name);
  } catch (error) {
    if (error instanceof CoracleError) return undefined;
    throw error;
  }
}
