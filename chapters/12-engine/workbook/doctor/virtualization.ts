/** Whether a virtual machine would run here, and fast. */
import { find } from '../packages.ts';
import { chooseAccelerator } from '../vm/accelerator.ts';
import { no, YES, type Finding } from './probes/finding.ts';

/** The provided machine has this folder; it is not there a second time inside itself. */
export const PROVIDED_MACHINE = '/opt/coracle';

export interface Virtualization {
  /** The program for machines of this architecture. */
  readonly qemu: string | undefined;
  readonly kvm: Finding;
}

export function lookAtVirtualization(): Virtualization {
  const { accelerator, why } = chooseAccelerator();
  return {
    qemu: find(`qemu-system-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}`),
    kvm: accelerator === 'kvm' ? YES : no(why),
  };
}
