import { CoracleError } from '../base/index.ts';

/** What went wrong with an image or its content; never changes, for programs to tell apart. */
export type ImageErrorCode =
  /** There is no such content, image, lease or platform. */
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  /** It is there and whole, but an artifact, such as a signature. */
  | 'NOT_AN_IMAGE'
  /** Somebody else writes to it. */
  | 'UNAVAILABLE'
  /** What was asked for makes no sense. */
  | 'INVALID_ARGUMENT'
  /** It is not in a state for that, or something is still in use. */
  | 'FAILED_PRECONDITION'
  /** Digest, size or media type are not what was promised. */
  | 'BAD_CONTENT'
  /** An archive that is damaged or hostile. */
  | 'BAD_ARCHIVE'
  /** Larger, deeper or longer than anything reasonable. */
  | 'TOO_LARGE'
  /** The store itself is damaged. */
  | 'DATA_LOSS';

/** An image, or content of one, cannot be read, kept or unpacked. */
export class ImageError extends CoracleError {
  override readonly code: ImageErrorCode;

  constructor(code: ImageErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.code = code;
  }
}
