import { INDEX_MEDIA_TYPES, MANIFEST_MEDIA_TYPES, type ImageDescriptor } from '../../oci/index.ts';

/** An index in an index in an index is nobody's image. */
export const MAX_DEPTH = 4;

/** Whether it points to a manifest or an index, and not to a blob. */
export function isDocument({ mediaType }: ImageDescriptor): boolean {
  return INDEX_MEDIA_TYPES.includes(mediaType) || MANIFEST_MEDIA_TYPES.includes(mediaType);
}
