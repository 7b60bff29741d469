/** `run`: create and start, and in the foreground also wait and delete. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from 'coracle/base';
import type { CreateOptions, Runtime } from 'coracle/runtime';
import { becomeSubreaper, type Descriptor } from 'coracle/sys';
import { NEW, ONE, type Call, type Command } from '../command.ts';
import { awaitReady, hostSocket, listenForReady, tellHost, whenReady } from '../notify-socket.ts';
import { openRuntime } from '../open-runtime.ts';
import { attend, type Console } from '../foreground/attend.ts';
import { LAUNCH_FLAGS, launchDescription, launchOptions } from '../launch-options.ts';
import { sendPidfd } from '../pidfd-socket.ts';

export const command: Command = {
  name: 'run',
  argsUsage: NEW,
  description: launchDescription('run'),
  flags: [
    ...LAUNCH_FLAGS,
    { name: 'detach', short: 'd', kind: 'bool', usage: "detach from the container's process" },
    { name: 'keep', kind: 'bool', usage: 'do not delete the container after it exits' },
    {
      name: 'no-subreaper',
      kind: 'bool',
      usage: 'disable the use of the subreaper used to reap reparented processes',
    },
  ],
  args: ONE,
  failure: { prefix: 'coracle-runtime run failed: ' },
  run(call) {
    const options = launchOptions(call);
    const runtime = openRuntime(call);
    if (!call.flags.bool('no-subreaper')) becomeSubreaper();
    return call.flags.bool('detach')
      ? detached(runtime, options, call)
      : inForeground(runtime, options, call);
  },
};

function detached(runtime: Runtime, options: CreateOptions, call: Call): number {
  const { pid, notify } = launch(runtime, options, call);
  const isAlive = (): boolean => runtime.state(options.id).status !== 'stopped';
  if (notify !== undefined && awaitReady(notify.listener, isAlive)) tellHost(notify.host, pid);
  return 0;
}

async function inForeground(runtime: Runtime, options: CreateOptions, call: Call): Promise<number> {
  let launched: Launched | undefined;
  let stopNotifying = (): void => undefined;
  try {
    return await attend({
      terminal: options.consoleSocket === undefined && wantsTerminal(options.bundle),
      launch: ({ consoleSize, ...socket }) => {
        launched = launch(runtime, { ...withSize(options, consoleSize), ...socket }, call);
        const { pid, notify } = launched;
        // This process stays, and is the service; it ends when the container does.
        if (notify !== undefined) {
          stopNotifying = whenReady(notify.listener, () => tellHost(notify.host, process.pid));
        }
        return pid;
      },
    });
  } finally {
    stopNotifying();
    // Before there was a launch the name may be another container's.
    if (launched !== undefined) remove(runtime, options.id, call);
  }
}

/** The program may look at its terminal before we have it: the runtime sets the size. */
function withSize(options: CreateOptions, consoleSize: Console['consoleSize']): CreateOptions {
  if (consoleSize === undefined) return options;
  return {
    ...options,
    amend: (config, directory) => {
      const amended = options.amend?.(config, directory) ?? config;
      const { process: described } = amended;
      if (described === undefined) return amended;
      return { ...amended, process: { consoleSize, ...described } };
    },
  };
}

interface Launched {
  readonly pid: number;
  /** Where the container says that it is ready, and to whom that goes on. */
  readonly notify: { readonly listener: Descriptor; readonly host: string } | undefined;
}

/** Of a container that was created and cannot be started, nothing is left. */
function launch(runtime: Runtime, options: CreateOptions, call: Call): Launched {
  const { pid } = runtime.create(options);
  try {
    sendPidfd(call, pid);
    const host = hostSocket(process.env);
    const listener = host === undefined ? undefined : listenForReady(join(call.root, options.id));
    runtime.start(options.id);
    const notify = host === undefined || listener === undefined ? undefined : { listener, host };
    return { pid, notify };
  } catch (error) {
    remove(runtime, options.id, call);
    throw error;
  }
}

/** A failure to clean up does not change how the container ended. */
function remove(runtime: Runtime, id: string, { flags, log }: Call): void {
  if (flags.bool('keep')) return;
  try {
    runtime.delete(id, { force: true });
  } catch (error) {
    log.warning(messageOf(error));
  }
}

/** Only looked at here; the runtime checks the config, and has the better words. */
function wantsTerminal(bundle: string): boolean {
  try {
    const config: unknown = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8'));
    const { process: described } = config as { process?: { terminal?: unknown } };
    return described?.terminal === true;
  } catch {
    return false;
  }
}
