/** What a probe found out. */
export interface Finding {
  readonly answer: 'yes' | 'no' | 'unknown';
  /** For `no` and `unknown`: why, in a few words. */
  readonly why?: string;
}

/**
 * Tries one feature on this machine. It does no harm, leaves nothing behind, and asks for no more
 * rights than it has: what it may not try is `unknown`.
 */
export type Probe = () => Finding;

export const YES: Finding = { answer: 'yes' };

export function no(why: string): Finding {
  return { answer: 'no', why };
}

export function unknown(why: string): Finding {
  return { answer: 'unknown', why };
}

/** `yes`, or `no` for that reason. */
export function yesIf(condition: boolean, why: string): Finding {
  return condition ? YES : no(why);
}

/** For a probe that only root can make. */
export function asRoot(probe: Probe): Probe {
  return () => (process.geteuid?.() === 0 ? probe() : unknown('only root can try it'));
}
