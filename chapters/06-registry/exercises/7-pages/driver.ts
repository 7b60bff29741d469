/** Calls the learner's function with an address, which cannot be sent. */
import type { nextPage } from 'coracle/registry';

interface Learner {
  readonly nextPage: typeof nextPage;
}

export function next(
  { nextPage: follow }: Learner,
  { link, page }: { link: string | undefined; page: string },
): string | undefined {
  return follow(link, new URL(page))?.href;
}
