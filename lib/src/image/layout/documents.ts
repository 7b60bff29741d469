/** What is written at the root of a layout: the same text for the same images. Pure. */
import {
  ANNOTATION_IMAGE_NAME,
  ANNOTATION_REF_NAME,
  MEDIA_TYPE,
  type ImageDescriptor,
} from '../../oci/index.ts';

/** `oci-layout` (image-layout.md, "oci-layout file"). */
export const OCI_LAYOUT = '{"imageLayoutVersion":"1.0.0"}';

/** An entry of `index.json`; named as by containerd and BuildKit: the whole name, and its tag. */
export function namedDescriptor(
  { mediaType, digest, size, platform }: ImageDescriptor,
  name: string | undefined,
): ImageDescriptor {
  const annotations = name !== undefined && {
    annotations: { [ANNOTATION_IMAGE_NAME]: name, [ANNOTATION_REF_NAME]: tagOf(name) ?? name },
  };
  return { mediaType, digest, size, ...(platform && { platform }), ...annotations };
}

/** The text of `index.json`. */
export function indexText(manifests: readonly ImageDescriptor[]): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests });
}

/** What comes after the last colon, if that is no port; `undefined` for a name by digest or none. */
export function tagOf(name: string): string | undefined {
  return /:(\w[\w.-]{0,127})$/.exec(name.includes('@') ? '' : name)?.[1];
}
