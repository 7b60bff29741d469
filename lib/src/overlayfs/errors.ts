import { CoracleError } from '../base/index.ts';

/** What went wrong with an overlay or its layers; never changes, for programs to tell apart. */
export type OverlayErrorCode =
  /** The request makes no overlay: no layers, upper without work, a relative path. */
  | 'OVERLAY_BAD_REQUEST'
  | 'OVERLAY_TOO_MANY_LAYERS'
  /** The option string does not fit into what the chosen interface takes. */
  | 'OVERLAY_TOO_LONG'
  /** A layer does not exist or is not a directory. */
  | 'OVERLAY_BAD_LAYER'
  /** The filesystem of upper and work cannot be written through an overlay. */
  | 'OVERLAY_UPPER_REFUSED'
  /** Another overlay writes to the same upper or work directory. */
  | 'OVERLAY_IN_USE'
  /** This process may not mount an overlay, or the kernel has none. */
  | 'OVERLAY_UNAVAILABLE'
  /** The kernel refused, and no known reason was found. */
  | 'OVERLAY_REFUSED'
  /** An unmount was refused. */
  | 'OVERLAY_UNMOUNT'
  /** A layer's contents cannot be told as a list of changes. */
  | 'OVERLAY_BAD_CONTENT';

/** What an {@link OverlayError} knows besides its message. */
export interface OverlayErrorDetails extends ErrorOptions {
  /** The file or directory in question. */
  readonly path?: string;
  /** The mount option in question. */
  readonly option?: string;
  /** What the kernel returned. */
  readonly errno?: number;
  /** What the kernel wrote to the filesystem context (fsopen(2)). */
  readonly kernelLog?: readonly string[];
}

/** An overlay could not be planned, mounted, unmounted, read or written. */
export class OverlayError extends CoracleError {
  declare readonly code: OverlayErrorCode;
  readonly path: string | undefined;
  readonly option: string | undefined;
  readonly errno: number | undefined;
  readonly kernelLog: readonly string[];

  constructor(code: OverlayErrorCode, message: string, details: OverlayErrorDetails = {}) {
    const { path, option, errno, kernelLog = [], ...options } = details;
    super(code, message, options);
    this.path = path;
    this.option = option;
    this.errno = errno;
    this.kernelLog = kernelLog;
  }
}
