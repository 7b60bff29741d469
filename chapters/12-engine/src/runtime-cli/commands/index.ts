/** Every command, with its line of help; the rest of it is loaded when it is asked for. */
import { CoracleError } from 'coracle/base';
import type { Command } from '../command.ts';

interface Entry {
  readonly usage: string;
  load(): Promise<{ readonly command: Command }>;
}

/** In the order of help. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  checkpoint: {
    usage: 'refused: checkpointing is not supported',
    load: async () => ({ command: (await import('./checkpoint.ts')).checkpoint }),
  },
  create: { usage: 'create a container', load: () => import('./create.ts') },
  delete: {
    usage: 'delete any resources held by the container often used with detached container',
    load: () => import('./delete.ts'),
  },
  events: {
    usage:
      'display container events such as OOM notifications, cpu, memory, and IO usage statistics',
    load: () => import('./events.ts'),
  },
  exec: { usage: 'execute new process inside the container', load: () => import('./exec.ts') },
  kill: {
    usage: "kill sends the specified signal (default: SIGTERM) to the container's init process",
    load: () => import('./kill.ts'),
  },
  list: {
    usage: 'lists containers started by coracle-runtime with the given root',
    load: () => import('./list.ts'),
  },
  pause: {
    usage: 'pause suspends all processes inside the container',
    load: async () => ({ command: (await import('./pause.ts')).pause }),
  },
  ps: {
    usage: 'ps displays the processes running inside a container',
    load: () => import('./ps.ts'),
  },
  restore: {
    usage: 'refused: checkpointing is not supported',
    load: async () => ({ command: (await import('./checkpoint.ts')).restore }),
  },
  resume: {
    usage: 'resumes all processes that have been previously paused',
    load: async () => ({ command: (await import('./pause.ts')).resume }),
  },
  run: { usage: 'create and run a container', load: () => import('./run.ts') },
  spec: { usage: 'create a new specification file', load: () => import('./spec.ts') },
  start: {
    usage: 'executes the user defined process in a created container',
    load: () => import('./start.ts'),
  },
  state: { usage: 'output the state of a container', load: () => import('./state.ts') },
  update: { usage: 'update container resource constraints', load: () => import('./update.ts') },
  features: { usage: 'show the enabled features', load: () => import('./features.ts') },
};

/** Loads a command. @throws CoracleError NO_COMMAND. */
export async function findCommand(name: string): Promise<Command> {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry !== undefined) return (await entry.load()).command;
  throw new CoracleError(
    'NO_COMMAND',
    `No help topic for '${name}'; coracle-runtime help lists the commands`,
  );
}
