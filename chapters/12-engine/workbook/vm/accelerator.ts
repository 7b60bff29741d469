/**
 * Whether this machine can run a guest on its processor, or must emulate one.
 *
 * That /dev/kvm opens says little: a virtual machine may offer it and its guests still hang. On
 * x86 the processor must offer its virtualization (VMX of Intel, SVM of AMD), and cpuinfo says so.
 */
import { accessSync, constants, readFileSync } from 'node:fs';

/** `kvm` runs at the processor's speed; `tcg`, emulation, is about fifteen times slower. */
export type Accelerator = 'kvm' | 'tcg';

export interface AcceleratorChoice {
  readonly accelerator: Accelerator;
  /** Why not KVM; empty with it. */
  readonly why: string;
}

/** Reads the machine. */
export function chooseAccelerator(): AcceleratorChoice {
  return decide({
    arch: process.arch,
    cpuinfo: readFileSync('/proc/cpuinfo', 'utf8'),
    device: deviceProblem('/dev/kvm'),
  });
}

/** The pure half: `device` is what keeps /dev/kvm from being opened, if anything does. */
export function decide(machine: {
  readonly arch: string;
  readonly cpuinfo: string;
  readonly device: string | undefined;
}): AcceleratorChoice {
  const { arch, cpuinfo, device } = machine;
  if (device !== undefined) return { accelerator: 'tcg', why: `/dev/kvm: ${device}` };
  if (arch === 'x64' && !/^flags\s*:.*\b(vmx|svm)\b/m.test(cpuinfo)) {
    return { accelerator: 'tcg', why: 'the processor offers neither VMX nor SVM' };
  }
  return { accelerator: 'kvm', why: '' };
}

function deviceProblem(file: string): string | undefined {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'there is none' : 'this user may not open it; join the group kvm';
  }
}
