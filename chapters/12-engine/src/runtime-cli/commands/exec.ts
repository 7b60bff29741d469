/** `exec`: a further process in a running container. */
import { resolve } from 'node:path';
import { CoracleError } from 'coracle/base';
import type { ExecOptions, Runtime } from 'coracle/runtime';
import { containerId, type Call, type Command } from '../command.ts';
import { openRuntime } from '../open-runtime.ts';
import { inheritedDescriptors } from '../descriptors.ts';
import { EXEC_FLAGS, execCgroups, execProcess } from '../exec-options.ts';
import { attend, type Console } from '../foreground/attend.ts';
import { sendPidfd } from '../pidfd-socket.ts';

export const command: Command = {
  name: 'exec',
  argsUsage: `<container-id> <command> [command options]  || -p process.json <container-id>

Where "<container-id>" is the name for the instance of the container and
"<command>" is the command to be executed in the container.
"<command>" can't be empty unless a "-p" flag provided.

EXAMPLE:
For example, if the container is configured to run the linux ps command the
following will output a list of processes running in the container:

       # coracle-runtime exec <container-id> ps`,
  flags: EXEC_FLAGS,
  args: { min: 1, max: Infinity },
  stopAtFirst: true,
  failure: { prefix: 'exec failed: ', code: 255 },
  run(call) {
    const id = containerId(call);
    const runtime = openRuntime(call);
    checkStatus(runtime, id, call.flags.bool('ignore-paused'));
    const options = execOptions(runtime, id, call);
    checkTerminal(options, call.flags.bool('detach'));
    const launch = ({ consoleSize, ...socket }: Console): number => {
      const described = { ...(consoleSize && { consoleSize }), ...options.process };
      const { pid } = runtime.exec({ ...options, ...socket, process: described });
      sendPidfd(call, pid);
      return pid;
    };
    if (!call.flags.bool('detach')) {
      return attend({ terminal: options.process.terminal === true, launch });
    }
    launch({});
    return 0;
  },
};

/** What is wrong with the container is said before what is wrong with the request. */
function checkStatus(runtime: Runtime, id: string, ignorePaused: boolean): void {
  const { status } = runtime.state(id);
  if (status === 'stopped') throw refusal('cannot exec in a stopped container');
  if (status === 'paused' && !ignorePaused) {
    throw refusal('cannot exec in a paused container (use --ignore-paused to override)');
  }
}

function execOptions(runtime: Runtime, id: string, call: Call): ExecOptions {
  const { flags } = call;
  const consoleSocket = flags.string('console-socket');
  const pidFile = flags.string('pid-file');
  const cgroups = execCgroups(flags.strings('cgroup'));
  return {
    id,
    process: execProcess(runtime.config(id).process, call),
    preserveFds: inheritedDescriptors(flags.whole('preserve-fds') ?? 0, false).count,
    ignorePaused: flags.bool('ignore-paused'),
    ...(consoleSocket !== undefined && { consoleSocket: resolve(consoleSocket) }),
    ...(pidFile !== undefined && { pidFile: resolve(pidFile) }),
    ...(cgroups.length > 0 && { cgroups }),
  };
}

function checkTerminal({ process, consoleSocket }: ExecOptions, detach: boolean): void {
  const terminal = process.terminal === true;
  if (detach && terminal && consoleSocket === undefined) {
    throw refusal(
      'cannot allocate tty if the runtime will detach without setting console socket; give --console-socket',
    );
  }
  if ((!detach || !terminal) && consoleSocket !== undefined) {
    throw refusal('cannot use console socket if the runtime will not detach or allocate tty');
  }
}

function refusal(message: string): CoracleError {
  return new CoracleError('EXEC', message);
}
