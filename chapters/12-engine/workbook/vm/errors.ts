import { CoracleError } from 'coracle/base';

/** What went wrong with the VM, and what to do next; the message is all that a person sees. */
export class VmError extends CoracleError {
  override name = 'VmError';
}
