import { containerId, ONE, type Command } from '../command.ts';
import { openRuntime } from '../open-runtime.ts';

export const command: Command = {
  name: 'delete',
  argsUsage: `<container-id>

Where "<container-id>" is the name for the instance of the container.

EXAMPLE:
For example, if the container id is "ubuntu01" and coracle-runtime list currently
shows the status of "ubuntu01" as "stopped" the following will delete resources
held for "ubuntu01":

       # coracle-runtime delete ubuntu01`,
  flags: [
    {
      name: 'force',
      short: 'f',
      kind: 'bool',
      usage: 'Forcibly deletes the container if it is still running (uses SIGKILL)',
    },
  ],
  args: ONE,
  run(call) {
    const id = containerId(call);
    openRuntime(call).delete(id, { force: call.flags.bool('force') });
  },
};
