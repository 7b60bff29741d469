import { join } from 'node:path';
import { containerId, NEW, ONE, type Command } from '../command.ts';
import { awaitReady, hostSocket, listenForReady, tellHost } from '../notify-socket.ts';
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
    const host = hostSocket(process.env);
    using listener = host === undefined ? undefined : listenForReady(join(call.root, id));
    runtime.start(id);
    if (host === undefined || listener === undefined) return;
    const { pid } = runtime.state(id);
    const isAlive = (): boolean => runtime.state(id).status !== 'stopped';
    if (pid !== undefined && awaitReady(listener, isAlive)) tellHost(host, pid);
  },
};
