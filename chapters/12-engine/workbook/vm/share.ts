/** The repository in a machine as it is on the host, through virtiofs. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isExecutable } from '../packages.ts';
import { repository } from '../run-script.ts';
import { VmError } from './errors.ts';

/** Debian 12 has it inside qemu's package, Debian 13 in one of its own. */
const programs = ['/usr/libexec/virtiofsd', '/usr/lib/qemu/virtiofsd'];

/**
 * Starts a virtiofsd, which ends when its machine does.
 * Errors: VM_SHARE.
 */
export async function startShare(socket: string): Promise<void> {
  const program = programs.find(isExecutable);
  if (program === undefined) {
    throw new VmError(
      'VM_SHARE',
      'there is no virtiofsd to share the repository with; install qemu-system-common (Debian 12) or virtiofsd (Debian 13)',
    );
  }
  const args = program.includes('libexec')
    ? ['--socket-path', socket, '--shared-dir', repository, '--sandbox', 'none']
    : [`--socket-path=${socket}`, '-o', `source=${repository}`, '-o', 'sandbox=chroot'];
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  child.unref();
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (existsSync(socket)) return;
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  throw new VmError('VM_SHARE', `${program} did not begin to listen on ${socket}; it needs root`);
}
