/** Mounts and overlays, tried where nobody sees them: detached, or in a child's mount namespace. */
import { openIdmapped, openUserNamespace, OverlayError } from 'coracle/overlayfs';
import {
  AT_FDCWD,
  attachMount,
  cloneTree,
  createMount,
  hasCode,
  MOUNT_ATTR_IDMAP,
  MOUNT_ATTR_NOSYMFOLLOW,
  O_CLOEXEC,
  O_PATH,
  S_IFCHR,
  setMountAttributes,
  SyscallError,
  type SyscallProgram,
} from 'coracle/sys';
import { asRoot, no, unknown, YES, type Finding, type Probe } from './finding.ts';
import { SCRATCH, tryCalls, type TrialOptions } from './trial.ts';

export const mountProbes = {
  overlayfs: () => tryWritable('index=off,metacopy=off'),
  'overlay volatile': () => tryWritable('volatile'),
  'overlayfs in a user namespace': () => tryWritable('userxattr', { user: true }),
  'overlay layers one by one': () => tryCalls(appendOneByOne),
  'overlay layers by descriptor': () => tryCalls((program) => appendByDescriptor(program, false)),
  'overlay of detached mounts': () => tryCalls((program) => appendByDescriptor(program, true)),
  'overlay of idmapped layers': asRoot(() => withIdMapping(overIdmapped)),
  'idmapped mounts': asRoot(() => withIdMapping(idmapRoot)),
  nosymfollow: () =>
    tryCalls((program) => {
      const tmpfs = createMount(program, 'tmpfs', [], 0);
      setMountAttributes(program, tmpfs, { set: MOUNT_ATTR_NOSYMFOLLOW }, false);
    }),
  'whiteouts in a user namespace': () =>
    tryCalls((program) => program.call('mknodat', [AT_FDCWD, `${SCRATCH}/w`, S_IFCHR, 0]), {
      user: true,
    }),
} satisfies Record<string, Probe>;

/** Two directories that every Linux has, for overlays that nobody writes to. */
const LOWER = ['/etc', '/usr'];

function makeDirectories(program: SyscallProgram, ...names: string[]): void {
  for (const name of names) program.call('mkdirat', [AT_FDCWD, `${SCRATCH}/${name}`, 0o755]);
}

function tryWritable(option: string, options?: TrialOptions): Finding {
  return tryCalls((program) => {
    makeDirectories(program, 'upper', 'work', 'merged', 'lower');
    const layers = ['lower', 'upper', 'work'].map((name) => `${name}dir=${SCRATCH}/${name}`);
    const data = [...layers, option].join(',');
    program.call('mount', ['overlay', `${SCRATCH}/merged`, 'overlay', 0, data]);
  }, options);
}

const FSCONFIG = { setString: 1, setFd: 5, create: 6 } as const;
const NO_FD = 0x7ffffffe;

/**
 * An overlayfs that has not moved to fsconfig(2) takes any text, and complains in the kernel's log
 * when it is too late; but it refuses a descriptor, where the others only find it closed.
 */
function appendOneByOne(program: SyscallProgram): void {
  const context = program.call('fsopen', ['overlay', 1]);
  const descriptor = [context, FSCONFIG.setFd, 'source', null, NO_FD] as const;
  program.call('fsconfig', [...descriptor], { tolerate: 'EBADF' });
  for (const directory of LOWER) {
    program.call('fsconfig', [context, FSCONFIG.setString, 'lowerdir+', directory, 0]);
  }
  program.call('fsconfig', [context, FSCONFIG.create, null, null, 0]);
}

/** Each layer as an O_PATH descriptor of its directory, or of a detached copy of its mount. */
function appendByDescriptor(program: SyscallProgram, detached: boolean): void {
  const context = program.call('fsopen', ['overlay', 1]);
  for (const directory of LOWER) {
    const layer = detached
      ? cloneTree(program, directory, false)
      : program.call('openat', [AT_FDCWD, directory, O_PATH | O_CLOEXEC, 0]);
    program.call('fsconfig', [context, FSCONFIG.setFd, 'lowerdir+', null, layer]);
  }
  program.call('fsconfig', [context, FSCONFIG.create, null, null, 0]);
}

/** A user namespace to map by; it lives as long as the descriptor. */
function withIdMapping(probe: (usernsFd: number) => Finding): Finding {
  try {
    const mapping = [{ containerID: 0, hostID: 100_000, size: 1000 }];
    using userns = openUserNamespace(mapping, mapping);
    return probe(userns.fd);
  } catch (error) {
    if (!(error instanceof SyscallError) && !(error instanceof OverlayError)) throw error;
    return unknown(`no user namespace to map by: ${error.message}`);
  }
}

/** A detached copy of the root's mount, mapped, and closed again. */
function idmapRoot(usernsFd: number): Finding {
  try {
    openIdmapped('/', usernsFd).close();
    return YES;
  } catch (error) {
    if (error instanceof OverlayError) return no('not on the filesystem of /');
    if (hasCode(error, 'ENOSYS')) return no('the kernel has no mount_setattr');
    throw error;
  }
}

/** Attached, since only Linux 6.15 takes detached ones. */
function overIdmapped(usernsFd: number): Finding {
  const layers = LOWER.map((_, index) => `${SCRATCH}/layer${index}`);
  const build = (program: SyscallProgram): void => {
    makeDirectories(program, 'layer0', 'layer1', 'merged');
    for (const [index, directory] of LOWER.entries()) {
      const tree = cloneTree(program, directory, false);
      setMountAttributes(program, tree, { set: MOUNT_ATTR_IDMAP, usernsFd }, false);
      const place = program.call('openat', [AT_FDCWD, layers[index] ?? '', O_PATH, 0]);
      attachMount(program, tree, place);
    }
    const data = `lowerdir=${layers.join(':')}`;
    program.call('mount', ['overlay', `${SCRATCH}/merged`, 'overlay', 0, data]);
  };
  return tryCalls(build, { keep: [usernsFd] });
}
