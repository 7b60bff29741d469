/** One entry of `mounts`, from source to target (config.md, "Mounts"). */
import { parseMountOptions } from '#parts/runtime/mount-options.ts';
import type { Mount } from '../../oci/index.ts';
import {
  attachMount,
  cloneTree,
  createMount,
  MOUNT_ATTR_IDMAP,
  MS_REMOUNT,
  setMountAttributes,
  space,
  type Argument,
  type FilesystemParameter,
  type Result,
  type SyscallProgram,
} from '../../sys/index.ts';
import { NOTICE, type Context } from '../context.ts';
import type { MountOptions } from '../mounts/options.ts';
import { appendCgroupMount } from './mount-cgroup.ts';
import { appendSendDescriptors } from './send.ts';
import { appendTarget } from './target.ts';

/** Filesystems in which a symlink at the target could put a fake in front of the runtime. */
const PLAIN_TARGETS = new Set(['proc', 'sysfs']);

/** Makes one mount below `root`. */
export function appendMount(
  program: SyscallProgram,
  context: Context,
  root: Argument,
  mount: Mount,
  index: number,
): void {
  const options = parseMountOptions(mount.options ?? [], mount.type);
  program.from(`/mounts/${index}`, () => {
    if (options.bind !== undefined) appendBind(program, context, root, mount, index, options);
    else if (mount.type === 'cgroup') appendCgroupMount(program, context, root, mount, options);
    else if (mount.options?.includes('remount') === true)
      appendRemount(program, root, mount, options);
    else appendFilesystem(program, context, root, mount, index, options);
  });
}

function appendBind(
  program: SyscallProgram,
  context: Context,
  root: Argument,
  mount: Mount,
  index: number,
  options: MountOptions,
): void {
  const source = context.sources.get(index);
  const tree = cloneTree(program, mount.source ?? '', options.bind === 'rbind');
  if (source?.usernsFd !== undefined) {
    const recursive = options.idmap === 'ridmap';
    setMountAttributes(
      program,
      tree,
      { set: MOUNT_ATTR_IDMAP, usernsFd: source.usernsFd },
      recursive,
    );
  }
  const kind = source?.directory === false ? 'file' : 'directory';
  const target = appendTarget(program, root, mount.destination, kind);
  appendAttributes(program, tree, options);
  attachMount(program, tree, target);
  appendPropagation(program, tree, options);
  program.call('close', [tree]);
  program.call('close', [target]);
}

function appendFilesystem(
  program: SyscallProgram,
  context: Context,
  root: Argument,
  mount: Mount,
  index: number,
  options: MountOptions,
): void {
  const type = mount.type ?? 'none';
  const mode = context.tmpfsModes.get(index);
  const parameters = filesystemParameters(mount, options, mode);
  const target = appendTarget(
    program,
    root,
    mount.destination,
    'directory',
    PLAIN_TARGETS.has(type),
  );
  const filesystem = createMount(program, type, parameters, options.attributes.set);
  if (options.copyUp && type === 'tmpfs') appendCopyUp(program, context, target, filesystem);
  appendAttributes(program, filesystem, { ...options, attributes: { set: 0, clear: 0 } });
  attachMount(program, filesystem, target);
  appendPropagation(program, filesystem, options);
  program.call('close', [filesystem]);
  program.call('close', [target]);
}

/** `source` is a parameter like the others; proc, sysfs and tmpfs only show it in mountinfo. */
function filesystemParameters(
  mount: Mount,
  options: MountOptions,
  mode: number | undefined,
): FilesystemParameter[] {
  const source = mount.source ?? mount.type ?? '';
  return [
    ...(source === '' ? [] : [{ key: 'source', value: source }]),
    ...(mode === undefined ? [] : [{ key: 'mode', value: mode.toString(8) }]),
    ...options.parameters,
  ];
}

/** mount(2) with MS_REMOUNT changes what is mounted at the target; so do attributes. */
function appendRemount(
  program: SyscallProgram,
  root: Argument,
  mount: Mount,
  options: MountOptions,
): void {
  const target = appendTarget(program, root, mount.destination, 'directory');
  setMountAttributes(program, target, options.attributes, false, {
    source: `remount (${MS_REMOUNT}) of ${mount.destination}`,
  });
  program.call('close', [target]);
}

/** The mount's own attributes, then those for all below it. */
function appendAttributes(
  program: SyscallProgram,
  mount: Argument,
  { attributes, recursive }: Pick<MountOptions, 'attributes' | 'recursive'>,
): void {
  if (attributes.set !== 0 || attributes.clear !== 0) {
    setMountAttributes(program, mount, attributes, false);
  }
  if (recursive.set !== 0 || recursive.clear !== 0) {
    setMountAttributes(program, mount, recursive, true);
  }
}

/** Only an attached mount takes part in propagation. */
function appendPropagation(
  program: SyscallProgram,
  mount: Argument,
  { propagation }: Pick<MountOptions, 'propagation'>,
): void {
  for (const { type, recursive } of propagation) {
    setMountAttributes(program, mount, { propagation: type }, recursive);
  }
}

/** The parent copies the image's files into the new tmpfs, since a program has no loops. */
function appendCopyUp(program: SyscallProgram, context: Context, from: Argument, to: Result): void {
  appendSendDescriptors(program, context.controlFd, NOTICE.copyUp, [from, to]);
  program.call('read', [context.controlFd, space(8), 8], { zeroIsFailure: true });
}
