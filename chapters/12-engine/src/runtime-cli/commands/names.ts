/** The commands, in the order of help, and each one's line there. */
export const COMMANDS = {
  checkpoint: 'refused: checkpointing is not supported',
  create: 'create a container',
  delete: 'delete any resources held by the container often used with detached container',
  events:
    'display container events such as OOM notifications, cpu, memory, and IO usage statistics',
  exec: 'execute new process inside the container',
  kill: "kill sends the specified signal (default: SIGTERM) to the container's init process",
  list: 'lists containers started by coracle-runtime with the given root',
  pause: 'pause suspends all processes inside the container',
  ps: 'ps displays the processes running inside a container',
  restore: 'refused: checkpointing is not supported',
  resume: 'resumes all processes that have been previously paused',
  run: 'create and run a container',
  spec: 'create a new specification file',
  start: 'executes the user defined process in a created container',
  state: 'output the state of a container',
  update: 'update container resource constraints',
  features: 'show the enabled features',
} as const;

export type CommandName = keyof typeof COMMANDS;

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}
