/** The commands, each loaded when it is asked for. */
import type { Command } from '../command.ts';

export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  pull: async () => (await import('./pull.ts')).pull,
  push: async () => (await import('./push.ts')).push,
  images: async () => (await import('./images.ts')).images,
  tag: async () => (await import('./tag.ts')).tag,
  rmi: async () => (await import('./rmi.ts')).rmi,
  inspect: async () => (await import('./inspect.ts')).inspect,
  save: async () => (await import('./save.ts')).save,
  load: async () => (await import('./load.ts')).load,
  unpack: async () => (await import('./unpack.ts')).unpack,
  login: async () => (await import('./login.ts')).login,
  logout: async () => (await import('./logout.ts')).logout,
  registry: async () => (await import('./registry.ts')).registry,
};
