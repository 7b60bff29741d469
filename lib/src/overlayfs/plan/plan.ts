/**
 * From what an overlay is made of to what the kernel must be told: pure, nothing is touched.
 *
 * The same plan serves three ways to mount: fsconfig(2) from this process, the same calls inside a
 * SyscallProgram, and mount(2) with one option string where the kernel is older than 6.7.
 */
import { planClassic } from '#parts/overlayfs/classic.ts';
import { escapePath } from '#parts/overlayfs/escape.ts';
import type { FilesystemParameter } from '../../sys/index.ts';
import type { ClassicMount } from './classic.ts';
import { checkSpec, type OverlaySpec } from './spec.ts';

/** One fsconfig(2) parameter; a layer's also tells the path, which may go in as a descriptor. */
export interface OverlayParameter extends FilesystemParameter {
  readonly layer?: string;
}

/** An overlay as data: everything that `mountOverlay` and `appendOverlay` need. */
export interface OverlayMount {
  readonly spec: OverlaySpec;
  /** For fsconfig(2), in order; `lowerdir+` since Linux 6.7. */
  readonly parameters: readonly OverlayParameter[];
  /** For mount(2). */
  readonly classic: ClassicMount;
  /** MOUNT_ATTR_ flags. */
  readonly attributes: number;
}

/**
 * Plans an overlay mount.
 *
 * @param pageSize how much of an option string mount(2) reads, in bytes with the final NUL.
 * @throws OverlayError if the request makes no overlay, naming the option.
 */
export function planOverlay(spec: OverlaySpec, pageSize = 4096): OverlayMount {
  checkSpec(spec);
  const features = planFeatures(spec);
  return {
    spec,
    parameters: [{ key: 'source', value: 'overlay' }, ...planLayers(spec), ...features],
    classic: planClassic(spec, features, pageSize),
    attributes: spec.attributes ?? 0,
  };
}

/**
 * The values of `lowerdir+` are taken literally, one layer each; `upperdir` and `workdir` are
 * unescaped by the kernel even here.
 */
function planLayers({ lower, upper, work }: OverlaySpec): OverlayParameter[] {
  const layers: OverlayParameter[] = lower.map((path) => ({
    key: 'lowerdir+',
    value: path,
    layer: path,
  }));
  if (upper !== undefined) {
    layers.push({ key: 'upperdir', value: escapePath(upper), layer: upper });
  }
  if (work !== undefined) layers.push({ key: 'workdir', value: escapePath(work), layer: work });
  return layers;
}

/**
 * Everything that is not a layer. `index` and `metacopy` are always given: a host may have either
 * on by default, and both tie an upper directory to the layers it was first mounted over.
 */
function planFeatures(spec: OverlaySpec): FilesystemParameter[] {
  const features: FilesystemParameter[] = [
    { key: 'index', value: spec.index ?? 'off' },
    { key: 'metacopy', value: spec.metacopy ?? 'off' },
  ];
  if (spec.redirectDir !== undefined) {
    features.push({ key: 'redirect_dir', value: spec.redirectDir });
  }
  if (spec.xino !== undefined) features.push({ key: 'xino', value: spec.xino });
  if (spec.userxattr === true) features.push({ key: 'userxattr' });
  if (spec.volatile === true) features.push({ key: 'volatile' });
  return features;
}
