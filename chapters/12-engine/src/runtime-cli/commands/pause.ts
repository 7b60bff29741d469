import { containerId, EXISTING, ONE, type Command } from '../command.ts';

export const pause: Command = {
  name: 'pause',
  usage: 'pause suspends all processes inside the container',
  argsUsage: EXISTING,
  description: `The pause command suspends all processes in the instance of the container.

Use coracle-runtime list to identify instances of containers and their current status.`,
  flags: [],
  args: ONE,
  async run(call) {
    const id = containerId(call);
    (await call.runtime()).pause(id);
    return undefined;
  },
};

export const resume: Command = {
  name: 'resume',
  usage: 'resumes all processes that have been previously paused',
  argsUsage: EXISTING,
  description: `The resume command resumes all processes in the instance of the container.

Use coracle-runtime list to identify instances of containers and their current status.`,
  flags: [],
  args: ONE,
  async run(call) {
    const id = containerId(call);
    (await call.runtime()).resume(id);
    return undefined;
  },
};
