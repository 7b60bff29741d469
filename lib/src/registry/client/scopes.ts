/** What a token must be good for (distribution, "Token Scope Documentation"). */
import type { Reference } from '../reference.ts';

type Repository = Pick<Reference, 'path'>;

export function pullScopes({ path }: Repository): string[] {
  return [`repository:${path}:pull`];
}

/** @param from a repository of the same registry that a blob is to be mounted from. */
export function pushScopes({ path }: Repository, from?: string): string[] {
  const own = `repository:${path}:pull,push`;
  return from === undefined ? [own] : [own, `repository:${from}:pull`];
}

export function deleteScopes({ path }: Repository): string[] {
  return [`repository:${path}:pull,delete`];
}
