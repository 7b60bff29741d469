/** Loads a command's file, and nothing of the others. */
import type { Command } from '../command.ts';
import type { CommandName } from './names.ts';

/** The command of this name. */
export async function loadCommand(name: CommandName): Promise<Command> {
  return (await LOADERS[name]()).command;
}

type Loader = () => Promise<{ readonly command: Command }>;

const LOADERS: Readonly<Record<CommandName, Loader>> = {
  checkpoint: () => import('./checkpoint.ts'),
  create: () => import('./create.ts'),
  delete: () => import('./delete.ts'),
  events: () => import('./events.ts'),
  exec: () => import('./exec.ts'),
  kill: () => import('./kill.ts'),
  list: () => import('./list.ts'),
  pause: () => import('./pause.ts'),
  ps: () => import('./ps.ts'),
  restore: () => import('./restore.ts'),
  resume: () => import('./resume.ts'),
  run: () => import('./run.ts'),
  spec: () => import('./spec.ts'),
  start: () => import('./start.ts'),
  state: () => import('./state.ts'),
  update: () => import('./update.ts'),
  features: () => import('./features.ts'),
};
