/** Programs that a runtime runs during a container's life (config.md, "POSIX-platform Hooks"). */

export const HOOK_NAMES = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
] as const;
export type HookName = (typeof HOOK_NAMES)[number];

/** Each list runs in its order. `prestart` is deprecated, but Docker still uses it. */
export interface Hooks {
  /** In `create`, before pivot_root; path and process in the runtime's namespaces. */
  prestart?: Hook[];
  /** In `create`, after `prestart`, likewise. */
  createRuntime?: Hook[];
  /** In `create`, before pivot_root; path in the runtime's, process in the container's namespaces. */
  createContainer?: Hook[];
  /** In `start`, before the program; path and process in the container's namespaces. */
  startContainer?: Hook[];
  /** In `start`, after the program has begun; in the runtime's namespaces. */
  poststart?: Hook[];
  /** In `delete`, after the container is gone; in the runtime's namespaces. */
  poststop?: Hook[];
}

/** One program; it reads the container's state from its standard input. */
export interface Hook {
  /** Absolute. */
  path: string;
  /** argv, the program's own name included. */
  args?: string[];
  env?: string[];
  /** Seconds until it is killed; greater than zero. */
  timeout?: number;
}
