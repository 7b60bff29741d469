import { CoracleError, messageOf } from '../base/index.ts';
import { ProgramError } from '../sys/index.ts';

/** An operation of the runtime that could not be done; the message is what runc's users expect. */
export class RuntimeError extends CoracleError {}

/** Says that the container's own process could not be set up, and where in config.json to look. */
export function startError(error: unknown): RuntimeError {
  const source = error instanceof ProgramError ? error.source : undefined;
  const where =
    source === undefined ? '' : ` (${source.startsWith('/') ? `config.json ${source}` : source})`;
  const message = `unable to start container process: ${messageOf(error)}${where}`;
  return new RuntimeError('CONTAINER_START', message, { cause: error });
}
