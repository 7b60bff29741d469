import { containerId, EXISTING, ONE, type Command } from '../command.ts';
import { openRuntime } from '../open-runtime.ts';
import { print } from '../output.ts';
import { listed } from '../listed.ts';

export const command: Command = {
  name: 'state',
  argsUsage: EXISTING,
  description:
    'The state command outputs current state information for the\ninstance of a container.',
  flags: [],
  args: ONE,
  run(call) {
    const id = containerId(call);
    const runtime = openRuntime(call);
    print(JSON.stringify(listed(runtime.state(id)), undefined, 2));
  },
};
