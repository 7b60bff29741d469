import { CoracleError } from '../base/index.ts';

/** An operation of the runtime that could not be done; the message is what runc's users expect. */
export class RuntimeError extends CoracleError {}
