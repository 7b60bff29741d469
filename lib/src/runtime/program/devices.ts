/** Device nodes and the links in /dev (config-linux.md, "Devices", "Default Devices", "/dev symlinks"). */
import { posix } from 'node:path';
import type { LinuxDevice, Mount } from '../../oci/index.ts';
import {
  attachMount,
  cloneTree,
  makedev,
  O_PATH,
  openInRoot,
  S_IFBLK,
  S_IFCHR,
  S_IFIFO,
  type Argument,
  type SyscallProgram,
} from '../../sys/index.ts';
import type { Context } from '../context.ts';
import { appendDirectories, appendTarget } from './target.ts';

const DEFAULT_DEVICES: readonly LinuxDevice[] = [
  { path: '/dev/null', type: 'c', major: 1, minor: 3 },
  { path: '/dev/zero', type: 'c', major: 1, minor: 5 },
  { path: '/dev/full', type: 'c', major: 1, minor: 7 },
  { path: '/dev/random', type: 'c', major: 1, minor: 8 },
  { path: '/dev/urandom', type: 'c', major: 1, minor: 9 },
  { path: '/dev/tty', type: 'c', major: 5, minor: 0 },
].map((device) => ({ ...device, type: 'c', fileMode: 0o666, uid: 0, gid: 0 }));

const LINKS: readonly (readonly [name: string, target: string])[] = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
  ['ptmx', 'pts/ptmx'],
];

/** Fills /dev, unless the config binds the host's whole /dev there. */
export function appendDevices(program: SyscallProgram, context: Context, root: Argument): void {
  if (bindsHostDev(context.config.mounts ?? [])) return;
  const configured = context.config.linux?.devices ?? [];
  const isConfigured = new Set(configured.map(({ path }) => posix.normalize(path)));
  program.from('the default devices', () => {
    for (const device of DEFAULT_DEVICES) {
      if (!isConfigured.has(device.path)) appendDevice(program, context, root, device);
    }
  });
  for (const [index, device] of configured.entries()) {
    program.from(`/linux/devices/${index}`, () => appendDevice(program, context, root, device));
  }
  appendLinks(program, root);
}

function bindsHostDev(mounts: readonly Mount[]): boolean {
  return mounts.some(
    ({ destination, type, options = [] }) =>
      posix.resolve('/', destination) === '/dev' &&
      (type === 'bind' || options.includes('bind') || options.includes('rbind')),
  );
}

function appendDevice(
  program: SyscallProgram,
  context: Context,
  root: Argument,
  device: LinuxDevice,
): void {
  const path = posix.join('/', device.path);
  if (context.bindDevices) {
    appendBoundDevice(program, root, path);
    return;
  }
  const components = path.slice(1).split('/');
  const name = components.pop() ?? '';
  const parent = appendDirectories(program, root, components);
  const mode = deviceType(device) | (device.fileMode ?? 0o666);
  const made = program.call(
    'mknodat',
    [parent, name, mode, makedev(device.major ?? 0, device.minor ?? 0)],
    {
      tolerate: 'EEXIST',
    },
  );
  // What an image has put there is left as it is, and not handed to anybody.
  program.skipWhen(made, 'error', () => {
    const { uid = 0, gid = 0 } = device;
    if (uid !== 0 || gid !== 0) program.call('fchownat', [parent, name, uid, gid, NO_FOLLOW]);
  });
  program.call('close', [parent]);
}

const NO_FOLLOW = 0x100;

/** A user namespace may not make devices, but may bind those of the host. */
function appendBoundDevice(program: SyscallProgram, root: Argument, path: string): void {
  const target = appendTarget(program, root, path, 'file');
  const tree = cloneTree(program, path, false);
  attachMount(program, tree, target);
  program.call('close', [tree]);
  program.call('close', [target]);
}

function appendLinks(program: SyscallProgram, root: Argument): void {
  program.from('the links in /dev', () => {
    const dev = openInRoot(program, root, 'dev', O_PATH, { tolerate: 'ENOENT' });
    program.skipWhen(dev, 'error', () => {
      for (const [name, target] of LINKS) {
        program.call('symlinkat', [target, dev, name], { tolerate: 'EEXIST' });
      }
      program.call('close', [dev]);
    });
  });
}

function deviceType({ type }: LinuxDevice): number {
  switch (type) {
    case 'b':
      return S_IFBLK;
    case 'p':
      return S_IFIFO;
    case 'c':
    case 'u':
      return S_IFCHR;
  }
}
