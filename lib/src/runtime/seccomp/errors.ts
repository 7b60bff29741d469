/** What is wrong with a seccomp profile, and on which line of config.json. */
import { CoracleError } from '../../base/index.ts';

/** The section that every pointer of this folder starts with. */
export const SECCOMP_POINTER = '/linux/seccomp';

/**
 * A seccomp profile that cannot be compiled. `code` starts with `SECCOMP_`; the message begins with
 * `pointer`, a JSON pointer into config.json (RFC 6901) such as `/linux/seccomp/syscalls/3/action`.
 */
export class SeccompError extends CoracleError {
  readonly pointer: string;

  constructor(code: string, pointer: string, message: string, options?: ErrorOptions) {
    super(code, `${pointer}: ${message}`, options);
    this.pointer = pointer;
  }
}
