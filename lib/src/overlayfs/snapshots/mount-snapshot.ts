/** The mechanism behind `Snapshotter.mounts`: acts on the list. */
import {
  describeErrno,
  moveMount,
  mountSetattr,
  openTree,
  SyscallError,
  type Descriptor,
} from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';
import { mountOverlay } from '../mount/mount.ts';
import { openUserNamespace } from '../mount/user-namespace.ts';
import { ATTRIBUTE_OPTIONS, parseOverlayOptions } from '../plan/parse.ts';
import { planOverlay } from '../plan/plan.ts';
import { parseMappings } from './id-labels.ts';
import type { SnapshotMount } from './types.ts';

/**
 * Mounts all of a snapshot's mounts, in order, on one directory. `unmountAll` undoes it.
 *
 * @throws OverlayError
 */
export function mountSnapshot(mounts: readonly SnapshotMount[], target: string): void {
  for (const mount of mounts) {
    if (mount.type === 'bind') bind(mount, target);
    else overlay(mount, target);
  }
}

function bind({ source, options }: SnapshotMount, target: string): void {
  try {
    using tree = openTree(source, { recursive: options.includes('rbind') });
    const set = options.reduce((bits, option) => bits | (ATTRIBUTE_OPTIONS.get(option) ?? 0), 0);
    if (set !== 0) mountSetattr(tree.fd, { set });
    moveMount(tree.fd, target);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const message = `cannot bind ${source} to ${target}: ${describeErrno(error.errno)}: both must exist, and this process be root in its mount namespace`;
    throw new OverlayError('OVERLAY_REFUSED', message, { path: source, cause: error });
  }
}

function overlay({ options }: SnapshotMount, target: string): void {
  using userns = openMapping(options);
  const spec = parseOverlayOptions(options.filter((option) => !/^[ug]idmap=/.test(option)));
  const mapped = userns === undefined ? spec : { ...spec, lowerIdmapFd: userns.fd };
  mountOverlay(planOverlay(mapped), target);
}

function openMapping(options: readonly string[]): Descriptor | undefined {
  const value = (prefix: string): string | undefined =>
    options.find((option) => option.startsWith(prefix))?.slice(prefix.length);
  const [uids, gids] = [value('uidmap='), value('gidmap=')];
  if (uids === undefined || gids === undefined) return undefined;
  return openUserNamespace(parseMappings(uids), parseMappings(gids));
}
