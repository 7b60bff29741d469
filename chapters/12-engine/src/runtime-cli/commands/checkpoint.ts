/**
 * `checkpoint` and `restore`: refused.
 *
 * Their `--help` fails as well: that is how podman asks a runtime whether it has them.
 */
import { CoracleError } from 'coracle/base';
import type { Command } from '../command.ts';

export const checkpoint = refused('checkpoint');
export const restore = refused('restore');

function refused(name: string): Command {
  return {
    name,
    usage: 'refused: checkpointing is not supported',
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
