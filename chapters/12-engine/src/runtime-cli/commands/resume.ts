import { containerId, EXISTING, ONE, type Command } from '../command.ts';
import { openRuntime } from '../open-runtime.ts';

export const command: Command = {
  name: 'resume',
  argsUsage: EXISTING,
  description: `The resume command resumes all processes in the instance of the container.

Use coracle-runtime list to identify instances of containers and their current status.`,
  flags: [],
  args: ONE,
  run(call) {
    const id = containerId(call);
    openRuntime(call).resume(id);
  },
};
