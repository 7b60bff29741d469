/**
 * Commands of runc that this runtime has not.
 *
 * Their `--help` fails as well: that is how podman asks a runtime whether it has them.
 */
import { CoracleError } from 'coracle/base';
import type { Command } from './command.ts';

/** A command that says why there is nothing behind it. */
export function refused(name: 'checkpoint' | 'restore'): Command {
  return {
    name,
    argsUsage: '<container-id>',
    flags: [],
    args: { min: 0, max: Infinity },
    verbatim: true,
    run() {
      throw new CoracleError(
        'NOT_SUPPORTED',
        `${name} is not supported: Coracle has no checkpointing (CRIU); use runc for containers that need it`,
      );
    },
  };
}
