import type { ImageDescriptor } from '../../oci/index.ts';

/** What has become of one piece of an image that is pulled or pushed. */
export interface Progress {
  readonly status:
    /** The root of the image is known. */
    | 'resolved'
    /** It is there already. */
    | 'exists'
    | 'waiting'
    | 'transferring'
    /** Another repository of the registry gave it. */
    | 'mounted'
    | 'done';
  readonly descriptor: ImageDescriptor;
  /** Bytes that are there, of `descriptor.size`. */
  readonly offset: number;
}

/** Called often: who shows it chooses how often to show it. */
export type OnProgress = (progress: Progress) => void;
