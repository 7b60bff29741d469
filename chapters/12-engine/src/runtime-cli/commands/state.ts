import { containerId, EXISTING, ONE, type Command } from '../command.ts';
import { print } from '../output.ts';
import { listed } from '../listed.ts';

export const command: Command = {
  name: 'state',
  usage: 'output the state of a container',
  argsUsage: EXISTING,
  description:
    'The state command outputs current state information for the\ninstance of a container.',
  flags: [],
  args: ONE,
  async run(call) {
    const id = containerId(call);
    const runtime = await call.runtime();
    print(JSON.stringify(listed(runtime.state(id)), undefined, 2));
    return undefined;
  },
};
