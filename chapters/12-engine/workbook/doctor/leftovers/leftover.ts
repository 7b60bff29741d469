/** One thing that a run of Coracle left on the machine. */
export interface Leftover {
  readonly kind: 'container' | 'mount' | 'netns' | 'link' | 'cgroup' | 'folder' | 'process';
  readonly name: string;
  /** Why it must stay; missing when it is surely Coracle's and nobody lives in it. */
  readonly kept?: string;
  /** Takes it away. Throws when the machine will not have it. */
  readonly remove?: () => void;
}

/** Which things to look at: everything, or in a test its own. */
export type IsMine = (name: string) => boolean;
