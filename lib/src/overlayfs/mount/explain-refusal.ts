/**
 * Why the kernel refused an overlay.
 *
 * Most refusals are EINVAL with a line in the kernel's own log that only root can read. So the
 * known reasons are looked for one after the other, after the failure: success pays nothing.
 */
import { realpathSync, statSync, type Stats } from 'node:fs';
import { messageOf } from '../../base/index.ts';
import {
  describeErrno,
  filesystemType,
  FUSE_SUPER_MAGIC,
  hasCode,
  NFS_SUPER_MAGIC,
  OVERLAYFS_SUPER_MAGIC,
  type SyscallError,
} from '../../sys/index.ts';
import { OverlayError, type OverlayErrorCode } from '../errors.ts';
import type { OverlaySpec } from '../plan/spec.ts';

interface Reason {
  readonly code: OverlayErrorCode;
  readonly message: string;
  readonly path?: string;
  readonly option?: string;
}

/** The error to throw for a failed call; `kernelLog` is what the filesystem context said. */
export function explainRefusal(
  spec: OverlaySpec,
  error: SyscallError,
  kernelLog: readonly string[],
): OverlayError {
  const reason =
    findBadLayer(spec) ??
    findByErrno(spec, error) ??
    findUpperRefusal(spec) ??
    findTooDeep(spec) ??
    unknownReason(spec, error);
  const said = kernelLog.length === 0 ? '' : ` (the kernel says: ${kernelLog.join('; ')})`;
  const { code, message, ...details } = reason;
  return new OverlayError(code, message + said, {
    ...details,
    errno: error.errno,
    kernelLog,
    cause: error,
  });
}

function layersOf({ lower, upper, work }: OverlaySpec): [option: string, path: string][] {
  const layers = lower.map((path): [string, string] => ['lowerdir', path]);
  if (upper !== undefined) layers.push(['upperdir', upper]);
  if (work !== undefined) layers.push(['workdir', work]);
  return layers;
}

function findBadLayer(spec: OverlaySpec): Reason | undefined {
  for (const [option, path] of layersOf(spec)) {
    const problem = problemOf(path);
    if (problem !== undefined) {
      return { code: 'OVERLAY_BAD_LAYER', message: `${option} ${path} ${problem}`, path, option };
    }
  }
  return undefined;
}

function problemOf(path: string): string | undefined {
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    return `cannot be reached: ${messageOf(error)}`;
  }
  if (stats === undefined) return 'does not exist: make or unpack it first';
  return stats.isDirectory() ? undefined : 'is not a directory';
}

function findByErrno(spec: OverlaySpec, error: SyscallError): Reason | undefined {
  if (hasCode(error, 'EPERM', 'EACCES')) {
    const message =
      'this process may not mount an overlay: it needs CAP_SYS_ADMIN in the user namespace that ' +
      'owns its mount namespace (be root, or be in a user namespace, with userxattr, on Linux 5.11)';
    return { code: 'OVERLAY_UNAVAILABLE', message };
  }
  if (hasCode(error, 'ENODEV')) {
    const message = 'this kernel has no overlayfs: load it with "modprobe overlay"';
    return { code: 'OVERLAY_UNAVAILABLE', message };
  }
  if (hasCode(error, 'ELOOP')) {
    const message = `a layer lies inside another of these: ${layersOf(spec)
      .map(([, path]) => path)
      .join(', ')}`;
    return { code: 'OVERLAY_BAD_REQUEST', message };
  }
  if (hasCode(error, 'EBUSY') && spec.upper !== undefined) {
    const message = `upperdir ${spec.upper} or its workdir is in use by another overlay`;
    return { code: 'OVERLAY_IN_USE', message, path: spec.upper, option: 'upperdir' };
  }
  if (hasCode(error, 'ESTALE') && spec.upper !== undefined) {
    const message =
      `upperdir ${spec.upper} was last mounted over other lower layers, and index=on remembers ` +
      'that: use those layers, or an empty upper and work';
    return { code: 'OVERLAY_REFUSED', message, path: spec.upper, option: 'index' };
  }
  return undefined;
}

const UNFIT: ReadonlyMap<number, string> = new Map([
  [OVERLAYFS_SUPER_MAGIC, 'an overlay itself'],
  [NFS_SUPER_MAGIC, 'on NFS'],
  [FUSE_SUPER_MAGIC, 'on FUSE'],
]);

function findUpperRefusal({ upper, work }: OverlaySpec): Reason | undefined {
  if (upper === undefined || work === undefined) return undefined;
  const unfit = UNFIT.get(filesystemType(upper));
  const at = { path: upper, option: 'upperdir' };
  if (unfit !== undefined) {
    const message =
      `upperdir ${upper} is ${unfit}, which overlayfs cannot write through: put it on a disk's ` +
      'filesystem or on a tmpfs (in a container: on a volume), or copy layers (native snapshotter)';
    return { code: 'OVERLAY_UPPER_REFUSED', message, ...at };
  }
  if (statSync(upper).dev !== statSync(work).dev) {
    const message = `workdir ${work} must be on the same filesystem as upperdir ${upper}`;
    return { code: 'OVERLAY_UPPER_REFUSED', message, path: work, option: 'workdir' };
  }
  const [realUpper, realWork] = [`${realpathSync(upper)}/`, `${realpathSync(work)}/`];
  if (realUpper.startsWith(realWork) || realWork.startsWith(realUpper)) {
    const message = `workdir ${work} and upperdir ${upper} must not lie inside each other`;
    return { code: 'OVERLAY_UPPER_REFUSED', message, path: work, option: 'workdir' };
  }
  return undefined;
}

/** FILESYSTEM_MAX_STACK_DEPTH is 2: an overlay may stand on overlays, those not on others. */
function findTooDeep({ lower }: OverlaySpec): Reason | undefined {
  const path = lower.find((each) => filesystemType(each) === OVERLAYFS_SUPER_MAGIC);
  if (path === undefined) return undefined;
  const message =
    `lowerdir ${path} is an overlay; the kernel stacks two overlays at most: use the layers that ` +
    'it is made of';
  return { code: 'OVERLAY_BAD_LAYER', message, path, option: 'lowerdir' };
}

function unknownReason({ upper }: OverlaySpec, error: SyscallError): Reason {
  const message =
    `the kernel refused the overlay: ${describeErrno(error.errno)} from ${error.call}. Look for ` +
    `"overlayfs:" in dmesg${upper === undefined ? '' : '; upper and work must be one mount, writable'}`;
  return { code: 'OVERLAY_REFUSED', message };
}
