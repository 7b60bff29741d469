/**
 * A mount of type `cgroup` (config-linux.md, "Cgroups"): the container's own view of the hierarchies.
 *
 * With a cgroup namespace each hierarchy is mounted afresh and shows the container's cgroup as its
 * root; without one the container's directory of each hierarchy is bound. On a pure version 2 host
 * it is one cgroup2 mount.
 */
import { posix } from 'node:path';
import { separates } from '../../namespaces/index.ts';
import type { Mount } from '../../oci/index.ts';
import {
  attachMount,
  cloneTree,
  createMount,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_RDONLY,
  setMountAttributes,
  type Argument,
  type SyscallProgram,
} from '../../sys/index.ts';
import type { Context } from '../context.ts';
import type { MountOptions } from '../mounts/options.ts';
import { appendTarget } from './target.ts';

const SAFE = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

export function appendCgroupMount(
  program: SyscallProgram,
  context: Context,
  root: Argument,
  mount: Mount,
  options: MountOptions,
): void {
  const hierarchies = groupByDirectory(context.cgroupPaths);
  if (hierarchies.length === 0 && !separates(context.namespaces, 'cgroup')) {
    appendHostCgroups(program, root, mount);
    return;
  }
  if (hierarchies.every(({ controllers }) => controllers.length === 0)) {
    appendUnified(program, context, root, mount, options, hierarchies[0]?.directory);
    return;
  }
  const top = appendTarget(program, root, mount.destination, 'directory');
  const tmpfs = createMount(program, 'tmpfs', [{ key: 'mode', value: '755' }], SAFE);
  attachMount(program, tmpfs, top);
  for (const { controllers, directory } of hierarchies) {
    appendHierarchy(program, context, root, mount, controllers, directory, options);
  }
  if ((options.attributes.set & MOUNT_ATTR_RDONLY) !== 0) {
    setMountAttributes(program, tmpfs, { set: MOUNT_ATTR_RDONLY }, false);
  }
  program.call('close', [tmpfs]);
  program.call('close', [top]);
}

/** A user without a cgroup of its own sees the host's, and changes nothing. */
function appendHostCgroups(program: SyscallProgram, root: Argument, mount: Mount): void {
  const tree = cloneTree(program, '/sys/fs/cgroup', true);
  setMountAttributes(program, tree, { set: SAFE | MOUNT_ATTR_RDONLY }, true);
  const target = appendTarget(program, root, mount.destination, 'directory');
  attachMount(program, tree, target);
  program.call('close', [tree]);
  program.call('close', [target]);
}

/** One version 1 hierarchy below the tmpfs, named by its controllers: `cpu,cpuacct`. */
function appendHierarchy(
  program: SyscallProgram,
  context: Context,
  root: Argument,
  mount: Mount,
  controllers: readonly string[],
  directory: string,
  options: MountOptions,
): void {
  const name = controllers.length === 0 ? 'unified' : controllers.join(',').replace('name=', '');
  const fresh = separates(context.namespaces, 'cgroup');
  const parameters = controllers.map((controller) =>
    controller.startsWith('name=')
      ? { key: 'name', value: controller.slice('name='.length) }
      : { key: controller },
  );
  const tree = fresh
    ? createMount(
        program,
        controllers.length === 0 ? 'cgroup2' : 'cgroup',
        withNone(parameters),
        SAFE,
      )
    : cloneTree(program, directory, false);
  setMountAttributes(program, tree, { set: SAFE | options.attributes.set }, false);
  const target = appendTarget(program, root, posix.join(mount.destination, name), 'directory');
  attachMount(program, tree, target);
  program.call('close', [tree]);
  program.call('close', [target]);
  appendAliases(program, root, mount.destination, name, controllers);
}

/** `cpu` → `cpu,cpuacct`, as every distribution has them where controllers share a hierarchy. */
function appendAliases(
  program: SyscallProgram,
  root: Argument,
  destination: string,
  name: string,
  controllers: readonly string[],
): void {
  if (controllers.length < 2) return;
  const top = appendTarget(program, root, destination, 'directory');
  for (const controller of controllers) {
    program.call('symlinkat', [name, top, controller], { tolerate: 'EEXIST' });
  }
  program.call('close', [top]);
}

function appendUnified(
  program: SyscallProgram,
  context: Context,
  root: Argument,
  mount: Mount,
  options: MountOptions,
  directory: string | undefined,
): void {
  const target = appendTarget(program, root, mount.destination, 'directory');
  const tree =
    separates(context.namespaces, 'cgroup') || directory === undefined
      ? createMount(program, 'cgroup2', [], SAFE)
      : cloneTree(program, directory, false);
  setMountAttributes(program, tree, { set: SAFE | options.attributes.set }, false);
  attachMount(program, tree, target);
  program.call('close', [tree]);
  program.call('close', [target]);
}

/** A named hierarchy has no controller: it must say `none`. */
function withNone(
  parameters: readonly { key: string; value?: string }[],
): { key: string; value?: string }[] {
  const named = parameters.some(({ key }) => key === 'name');
  return named ? [{ key: 'none' }, ...parameters] : [...parameters];
}

/** Controllers that share a directory share a hierarchy; `''` is version 2's. */
function groupByDirectory(
  paths: Readonly<Record<string, string>>,
): { controllers: string[]; directory: string }[] {
  const groups = new Map<string, string[]>();
  for (const [controller, directory] of Object.entries(paths)) {
    const group = groups.get(directory) ?? [];
    if (controller !== '') group.push(controller);
    groups.set(directory, group);
  }
  return [...groups].map(([directory, controllers]) => ({ directory, controllers }));
}
