import { containerId, NEW, ONE, type Command } from '../command.ts';

export const command: Command = {
  name: 'start',
  usage: 'executes the user defined process in a created container',
  argsUsage: NEW,
  description: 'The start command executes the user defined process in a created container.',
  flags: [],
  args: ONE,
  async run(call) {
    const id = containerId(call);
    const runtime = await call.runtime();
    runtime.start(id);
    return undefined;
  },
};
