import { containerId, type Command } from '../command.ts';
import { openRuntime } from '../open-runtime.ts';
import { parseSignal } from '../signal-names.ts';

export const command: Command = {
  name: 'kill',
  argsUsage: `<container-id> [signal]

Where "<container-id>" is the name for the instance of the container and
"[signal]" is the signal to be sent to the init process.

EXAMPLE:
For example, if the container id is "ubuntu01" the following will send a "KILL"
signal to the init process of the "ubuntu01" container:

       # coracle-runtime kill ubuntu01 KILL`,
  flags: [
    {
      name: 'all',
      short: 'a',
      kind: 'bool',
      usage: 'send the specified signal to all processes inside the container',
    },
  ],
  args: { min: 1, max: 2 },
  run(call) {
    const id = containerId(call);
    const runtime = openRuntime(call);
    // A container that is not there is told of before a signal that is not: callers match on it.
    runtime.state(id);
    const signal = parseSignal(call.args[1] ?? 'SIGTERM');
    runtime.kill(id, signal, { all: call.flags.bool('all') });
  },
};
