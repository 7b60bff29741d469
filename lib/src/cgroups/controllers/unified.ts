/**
 * `unified`: version 2 files by name, for whatever OCI has no word for yet.
 *
 * "Configuration unknown to the runtime MUST still be written to the relevant file", and a
 * controller that is not there is an error. Several lines are several writes, as the kernel takes
 * one a write. Spec: config-linux.md "Unified".
 */
import { CgroupError, invalidResource } from '../errors.ts';
import type { CgroupHost } from '../host.ts';
import type { FileWrite } from '../write.ts';
import { RESOURCES } from './setting.ts';

const POINTER = `${RESOURCES}/unified`;

/** One write for each line of each file, in the order given. Pure; errors as in `planResources`. */
export function planUnified(host: CgroupHost, files: Record<string, string>): FileWrite[] {
  return Object.entries(files).flatMap(([file, text]) => {
    const source = `${POINTER}/${file.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const controller = controllerOf(host, file, source);
    return linesOf(text).map((value) => ({ controller, version: 2 as const, file, value, source }));
  });
}

function controllerOf(host: CgroupHost, file: string, source: string): string {
  if (file.includes('/')) {
    throw invalidResource(source, 'unified', file, 'must be a file name (no slashes)');
  }
  const [controller = ''] = file.split('.', 1);
  if (controller === file || controller === '') {
    throw invalidResource(source, 'unified', file, 'must be in the form CONTROLLER.PARAMETER');
  }
  if (!host.unified) {
    const message = `${source}: invalid configuration: this host has no cgroup version 2 hierarchy, which "unified" writes into`;
    throw new CgroupError('CGROUP_NO_CONTROLLER', message, { controller, source });
  }
  // cgroup.*, and pressure files, belong to the core; every other prefix is a controller's name.
  const known = controller === 'cgroup' || host.unified.controllers.includes(controller);
  if (!known && !file.endsWith('.pressure')) {
    const list = host.unified.controllers.join(' ') || 'none';
    const message = `${source}: invalid configuration: controller "${controller}" is not available on cgroup version 2 (available: ${list})`;
    throw new CgroupError('CGROUP_NO_CONTROLLER', message, { controller, source });
  }
  return controller;
}

/** An empty text is still one write; a last newline ends a line and begins none. */
function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}
