import { containerId, NEW, ONE, type Command } from '../command.ts';
import { openRuntime } from '../open-runtime.ts';

export const command: Command = {
  name: 'start',
  argsUsage: NEW,
  description: 'The start command executes the user defined process in a created container.',
  flags: [],
  args: ONE,
  run(call) {
    const id = containerId(call);
    const runtime = openRuntime(call);
    runtime.start(id);
  },
};
