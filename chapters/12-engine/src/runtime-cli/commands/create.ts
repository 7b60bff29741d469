import { NEW, ONE, type Command } from '../command.ts';
import { openRuntime } from '../open-runtime.ts';
import { LAUNCH_FLAGS, launchDescription, launchOptions } from '../launch-options.ts';
import { sendPidfd } from '../pidfd-socket.ts';

export const command: Command = {
  name: 'create',
  argsUsage: NEW,
  description: launchDescription('create'),
  flags: LAUNCH_FLAGS,
  args: ONE,
  failure: { prefix: 'coracle-runtime create failed: ' },
  run(call) {
    const { pid } = openRuntime(call).create(launchOptions(call));
    sendPidfd(call, pid);
  },
};
