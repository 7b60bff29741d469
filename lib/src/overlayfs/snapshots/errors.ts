import { CoracleError } from '../../base/index.ts';

/** The gRPC status that containerd's snapshot service answers with. */
export type SnapshotErrorCode =
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'FAILED_PRECONDITION'
  | 'INVALID_ARGUMENT'
  | 'DATA_LOSS';

/** A snapshot operation that the rules, or the state of the store, do not allow. */
export class SnapshotError extends CoracleError {
  declare readonly code: SnapshotErrorCode;
  /** The snapshot in question. */
  readonly key: string;

  constructor(code: SnapshotErrorCode, key: string, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.key = key;
  }
}
