import { CoracleError } from '../base/index.ts';

/** A namespace that cannot be made, joined or kept. */
export class NamespaceError extends CoracleError {
  /** The file or process concerned. */
  readonly path: string;

  constructor(code: string, path: string, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.path = path;
  }
}
