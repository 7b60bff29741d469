import { messageOf } from '../base/index.ts';
import type { Process } from '../oci/index.ts';
import { ProgramError } from '../sys/index.ts';
import { RuntimeError } from './errors.ts';
import { explainProfile, PROFILE } from './labels.ts';

/**
 * Says that a process of the container could not be set up, where in config.json to look, and where
 * the kernel's own word is no help, what to do.
 */
export function startError(error: unknown, process?: Process): RuntimeError {
  const source = error instanceof ProgramError ? error.source : undefined;
  const where =
    source === undefined ? '' : ` (${source.startsWith('/') ? `config.json ${source}` : source})`;
  const advice =
    error instanceof ProgramError && source === PROFILE
      ? `: ${explainProfile(process?.apparmorProfile ?? '', error.code)}`
      : '';
  const message = `unable to start container process: ${messageOf(error)}${where}${advice}`;
  return new RuntimeError('CONTAINER_START', message, { cause: error });
}
