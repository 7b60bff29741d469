/** Looks at the list that the learner's function was given, after it has used it. */
import type { chainIds } from 'coracle/image';

interface Learner {
  readonly chainIds: typeof chainIds;
}

type Digests = Parameters<typeof chainIds>[0];

export function given({ chainIds: chain }: Learner, diffIds: Digests): Digests {
  chain(diffIds);
  return diffIds;
}
