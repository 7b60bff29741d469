/** One container in this process, through the runtime's own functions, timed phase by phase. */
import { Runtime } from 'coracle/runtime';
import { waitForExit } from 'coracle/sys';
import { rootOf, type Workspace } from './workspace.ts';

export const PHASES = ['create', 'start', 'wait', 'delete'] as const;
export type Phase = (typeof PHASES)[number];

/** Milliseconds of each phase. */
export type PhaseTimes = Readonly<Record<Phase, number>>;

export const WARM_ROOT = 'warm';

export class WarmRuntime {
  readonly #runtime: Runtime;
  readonly #bundle: string;
  #count = 0;

  constructor(workspace: Workspace) {
    this.#runtime = new Runtime({ root: rootOf(workspace, WARM_ROOT) });
    this.#bundle = workspace.bundle;
  }

  /**
   * A whole container.
   *
   * @throws Error when its program did not exit with 0: then its time means nothing.
   */
  run(): PhaseTimes {
    const id = `warm-${(this.#count += 1)}`;
    const begin = performance.now();
    const { pid } = this.#runtime.create({ id, bundle: this.#bundle });
    const created = performance.now();
    this.#runtime.start(id);
    const started = performance.now();
    const status = waitForExit(pid);
    const ended = performance.now();
    this.#runtime.delete(id);
    const deleted = performance.now();
    if (!('code' in status) || status.code !== 0) {
      throw new Error(`the container in this process ended with ${JSON.stringify(status)}`);
    }
    return {
      create: created - begin,
      start: started - created,
      wait: ended - started,
      delete: deleted - ended,
    };
  }
}

/** The whole, in milliseconds. */
export function total(times: PhaseTimes): number {
  return PHASES.reduce((sum, phase) => sum + times[phase], 0);
}
