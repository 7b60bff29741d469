/** The two documents at the root of an OCI image layout (image-layout.md), and names in them. */
import {
  ANNOTATION_IMAGE_NAME,
  ANNOTATION_REF_NAME,
  MEDIA_TYPE,
  parseManifest,
  type ImageDescriptor,
} from '../../oci/index.ts';
import { ImageError } from '../errors.ts';

/** An image of a layout or an archive. */
export interface ImportedImage {
  /** As they stand there; what they mean is for the caller to say. */
  readonly names: readonly string[];
  /** Of its manifest or index. */
  readonly descriptor: ImageDescriptor;
}

/**
 * Checks `oci-layout`: versions 1.0 and 1.1 of the specification write both `1.0.0`.
 *
 * @throws ImageError BAD_CONTENT; FAILED_PRECONDITION for a version to come.
 */
export function checkLayoutVersion(text: string, where: string): void {
  const version = versionOf(text);
  if (typeof version !== 'string') {
    const message = `${where} has an oci-layout that tells no imageLayoutVersion`;
    throw new ImageError('BAD_CONTENT', `${message}: make it anew`);
  }
  if (/^1\.\d+\.\d+$/.test(version)) return;
  throw new ImageError(
    'FAILED_PRECONDITION',
    `${where} is an image layout of version ${JSON.stringify(version.slice(0, 50))}, and 1 is ` +
      'known here: copy it with skopeo, or save it again',
  );
}

/** The images of `index.json`: those of one digest are one, with all of its names. */
export function readLayoutIndex(text: string, where: string): ImportedImage[] {
  const document = parseManifest(text, MEDIA_TYPE.index, `index.json of ${where}`);
  if (document.kind !== 'index') {
    const message = `index.json of ${where} is a manifest, and no index: make it anew`;
    throw new ImageError('BAD_CONTENT', message);
  }
  const images = document.index.manifests.map((descriptor) => ({
    names: namesIn(descriptor),
    descriptor: withoutNames(descriptor),
  }));
  return mergeImages(images);
}

/** One entry for each digest, in the order of their first mention. */
export function mergeImages(images: readonly ImportedImage[]): ImportedImage[] {
  const merged = new Map<string, { names: Set<string>; descriptor: ImageDescriptor }>();
  for (const { names, descriptor } of images) {
    const known = merged.get(descriptor.digest) ?? { names: new Set(), descriptor };
    for (const name of names) known.names.add(name);
    merged.set(descriptor.digest, known);
  }
  return [...merged.values()].map(({ names, descriptor }) => ({ names: [...names], descriptor }));
}

/** The whole name, if there is one: then the other annotation is only its tag. */
export function namesIn({ annotations = {} }: ImageDescriptor): string[] {
  const name = annotations[ANNOTATION_IMAGE_NAME] ?? annotations[ANNOTATION_REF_NAME];
  return name === undefined || name === '' ? [] : [name];
}

function withoutNames(descriptor: ImageDescriptor): ImageDescriptor {
  const { annotations: _annotations, data: _data, urls: _urls, ...rest } = descriptor;
  return rest;
}

function versionOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { imageLayoutVersion?: unknown } | null)?.imageLayoutVersion;
  } catch {
    return undefined;
  }
}
