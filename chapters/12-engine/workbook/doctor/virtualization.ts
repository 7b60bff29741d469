/**
 * Whether a virtual machine would run here, and fast.
 *
 * A device /dev/kvm that opens is not enough: inside a virtual machine it may be there and run no
 * guest, because the host does not pass the processor's extension on. On x86 the kernel then shows
 * neither of its flags.
 */
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { messageOf } from 'coracle/base';
import { hasCode } from 'coracle/sys';
import { find } from '../packages.ts';
import { no, YES, type Finding } from './probes/finding.ts';

export interface Virtualization {
  /** The program for machines of this architecture. */
  readonly qemu: string | undefined;
  readonly kvm: Finding;
}

export function lookAtVirtualization(): Virtualization {
  const system = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  return {
    qemu: find(`qemu-system-${system}`),
    kvm: judgeKvm(process.arch, readFileSync('/proc/cpuinfo', 'utf8'), openKvm()),
  };
}

const NO_DEVICE = 'there is none';

/** Pure: the architecture, the text of /proc/cpuinfo, and why the device did not open if so. */
export function judgeKvm(arch: string, cpuinfo: string, refusal: string | undefined): Finding {
  if (refusal === NO_DEVICE) return no(refusal);
  if (arch === 'x64' && !/^flags\s*:.*\b(vmx|svm)\b/m.test(cpuinfo)) {
    return no('/proc/cpuinfo has neither vmx nor svm, so no guest would run');
  }
  return refusal === undefined ? YES : no(refusal);
}

function openKvm(): string | undefined {
  try {
    closeSync(openSync('/dev/kvm', constants.O_RDWR));
    return undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return NO_DEVICE;
    if (hasCode(error, 'EACCES')) return 'this user may not open it; be in the group kvm, or root';
    return messageOf(error);
  }
}
