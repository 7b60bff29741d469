/** Exercise 05.6: what a container of an image executes. */
import type { ImageProcess } from '../../oci/index.ts';
import type { ProcessOptions, ProcessPlan } from '../bundle/process-plan.ts';
import { ImageError } from '../errors.ts';

// #region exercise-05-6
/** What a container without any PATH gets, as Docker and containerd have it. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The process of a container, from its image and what the user asked for. Pure. OCI image-spec,
 * conversion.md; docker run(1).
 *
 * - The command line is Entrypoint, then Cmd. The user's arguments, if there are any, replace Cmd.
 *   The user's entrypoint replaces both: arguments meant for another program make no sense to this
 *   one. An empty entrypoint from the user takes the image's away, and its Cmd with it.
 * - The environment is the image's, then the user's. Name and value part at the first `=`. Of a name
 *   that comes twice the later value counts, in the earlier place. A name alone, without `=`, takes
 *   it away; what comes after that is new. If there is no PATH then, it is {@link DEFAULT_PATH}, at
 *   the front. An empty PATH is one.
 * - The working directory is the user's, else the image's, else `/`. A relative one gets a `/` before it;
 *   nothing else of it is changed, so `./srv` is `/./srv`.
 * - The user is the user's choice, else the image's, else `''`, which is root.
 * - An empty directory or user is none, as in docker run: `user: ''` leaves the image's `www` in place.
 *
 * @throws ImageError INVALID_ARGUMENT if there is nothing to execute.
 */
export function planProcess(image: ImageProcess, options: ProcessOptions): ProcessPlan {
  const entrypoint = options.entrypoint ?? image.Entrypoint ?? [];
  const fallback = options.entrypoint === undefined ? (image.Cmd ?? []) : [];
  const given = options.args ?? [];
  const args = [...entrypoint, ...(given.length > 0 ? given : fallback)];
  if (args.length === 0) {
    throw new ImageError(
      'INVALID_ARGUMENT',
      'no command to run: the image has neither Entrypoint nor Cmd, so name a program after it',
    );
  }
  const cwd = chosen(options.cwd, image.WorkingDir);
  return {
    args,
    env: mergeEnv(image.Env ?? [], options.env ?? []),
    cwd: cwd.startsWith('/') ? cwd : `/${cwd}`,
    user: chosen(options.user, image.User),
  };
}

/** The user's text if there is one that is not empty, else the image's. */
function chosen(user: string | undefined, image: string | undefined): string {
  return user === undefined || user === '' ? (image ?? '') : user;
}

function mergeEnv(image: readonly string[], user: readonly string[]): string[] {
  const values = new Map<string, string>();
  for (const each of [...image, ...user]) {
    const equals = each.indexOf('=');
    if (equals === -1) values.delete(each);
    else values.set(each.slice(0, equals), each.slice(equals + 1));
  }
  const entries = [...values];
  if (!values.has('PATH')) entries.unshift(['PATH', DEFAULT_PATH]);
  return entries.map(([name, value]) => `${name}=${value}`);
}
// #endregion exercise-05-6
