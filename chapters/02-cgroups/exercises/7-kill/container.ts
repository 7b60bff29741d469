/** A container that is not there: it writes down what is done with it. */
import { CoracleError } from 'coracle/base';
import type { KillTarget } from 'coracle/cgroups';

/** What is special about it; by default it has 11 and 12 in it, and can be frozen. */
export interface Scene {
  readonly killsAtOnce?: boolean;
  /** Its user has paused it. */
  readonly frozen?: boolean;
  /** It has no freezer. */
  readonly neverFreezes?: boolean;
  /** What is in it, look by look; the last one stays. */
  readonly lists?: readonly (readonly number[])[];
  /** Each look brings somebody new. */
  readonly bomb?: boolean;
  /** Sending to this one is refused. */
  readonly refuses?: number;
}

export interface Outcome {
  /** What was done, in order; looking whether it is frozen changes nothing and is left out. */
  readonly done: readonly string[];
  /** What killAll threw. */
  readonly thrown?: string;
}

type KillAll = (target: KillTarget, signal: NodeJS.Signals | number) => void;

export function tryKill(killAll: KillAll, scene: Scene, signal: NodeJS.Signals | number): Outcome {
  const done: string[] = [];
  try {
    killAll(targetOf(scene, done), signal);
    return { done };
  } catch (error) {
    if (error instanceof CoracleError && error.code === 'TODO') throw error;
    return { done, thrown: error instanceof Error ? error.message : String(error) };
  }
}

/** A bomb ends after so many looks, so that a loop without end does. */
const MOST_LOOKS = 100;

function targetOf(scene: Scene, done: string[]): KillTarget {
  const lists = scene.lists ?? [[11, 12]];
  let isFrozen = scene.frozen ?? false;
  let looks = 0;
  return {
    killAtOnce: () => {
      done.push('killAtOnce');
      return scene.killsAtOnce ?? false;
    },
    isFrozen: () => isFrozen,
    freeze: () => {
      done.push('freeze');
      isFrozen = scene.neverFreezes !== true;
      return isFrozen;
    },
    thaw: () => {
      done.push('thaw');
      isFrozen = false;
    },
    processes: () => {
      done.push('processes');
      looks += 1;
      if (scene.bomb) return [10 + Math.min(looks, MOST_LOOKS)];
      return [...(lists[looks - 1] ?? lists.at(-1) ?? [])];
    },
    send: (pid, signal) => {
      done.push(`send ${pid} ${signal}`);
      if (pid === scene.refuses) throw new Error('EPERM');
    },
  };
}
