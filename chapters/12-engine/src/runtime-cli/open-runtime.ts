/** The runtime that a command works with. */
import { Runtime } from 'coracle/runtime';
import type { Call } from './command.ts';

/** Of this root; its warnings go to the log. */
export function openRuntime({ root, cgroupDriver, log }: Call): Runtime {
  return new Runtime({ root, cgroupDriver, onWarning: (message) => log.warning(message) });
}
