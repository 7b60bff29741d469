import { resolve } from 'node:path';
import { NEW, ONE, type Command } from '../command.ts';
import { LAUNCH_FLAGS, launchDescription, launchOptions } from '../launch-options.ts';

export const command: Command = {
  name: 'create',
  usage: 'create a container',
  argsUsage: NEW,
  description: launchDescription('create'),
  flags: LAUNCH_FLAGS,
  args: ONE,
  failure: { prefix: 'coracle-runtime create failed: ' },
  async run(call) {
    const options = launchOptions(call);
    const runtime = await call.runtime();
    const { pid } = runtime.create(options);
    const pidfdSocket = call.flags.string('pidfd-socket');
    if (pidfdSocket === undefined) return undefined;
    const { sendPidfd } = await import('../pidfd-socket.ts');
    sendPidfd(resolve(pidfdSocket), pid);
    return undefined;
  },
};
