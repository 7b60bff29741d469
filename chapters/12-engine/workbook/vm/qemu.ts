/**
 * The command line of qemu: a plain machine with one disk, one network card and a serial console.
 * Pure; the order is that of the parts of the machine.
 */
import type { Accelerator } from './accelerator.ts';
import type { Kernel } from './image.ts';

export interface MachineOptions {
  readonly arch: 'x64' | 'arm64';
  readonly accelerator: Accelerator;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly kernel: Kernel;
  /** A qcow2 or raw file; with `throwaway` nothing that the guest writes reaches it. */
  readonly disk: {
    readonly file: string;
    readonly format: 'raw' | 'qcow2';
    readonly throwaway: boolean;
  };
  /** A second, read-only disk that holds a tar archive of the repository. */
  readonly source?: string;
  /** The socket of a virtiofsd that shares the repository. */
  readonly shareSocket?: string;
  /** On 127.0.0.1; leads to the guest's port 22. */
  readonly sshPort: number;
  /** What may log in, as authorized_keys(5) has it. */
  readonly publicKey: string;
  /** The file that gets all that the guest's console prints. */
  readonly console: string;
}

/** The program, without its path. */
export function qemuProgram(arch: MachineOptions['arch']): string {
  return arch === 'x64' ? 'qemu-system-x86_64' : 'qemu-system-aarch64';
}

export function qemuArguments(options: MachineOptions): string[] {
  const { memoryMiB, cpus, sshPort } = options;
  return [
    ['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    processor(options),
    ['-m', `${memoryMiB}`, '-smp', `${cpus}`],
    ['-serial', `file:${options.console}`],
    boot(options),
    disks(options),
    ['-netdev', `user,id=net,hostfwd=tcp:127.0.0.1:${sshPort}-:22`],
    ['-device', 'virtio-net-pci,netdev=net,romfile='],
    ['-device', 'virtio-rng-pci'],
    share(options),
    credentials(options.publicKey),
  ].flat();
}

/**
 * What an emulated processor must not offer. Protection keys, with five-level page tables: V8 uses
 * them where it finds them, and Node dies of SIGSEGV. CMPXCHG16B: qemu 7.2 leaves arbitrary flags
 * behind it, the trap flag among them, and Linux 6.12 ends in a double fault (it has a detour for
 * processors without).
 */
function processor({ arch, accelerator }: MachineOptions): string[] {
  const machine = arch === 'x64' ? 'q35' : 'virt';
  if (accelerator === 'kvm') return ['-machine', machine, '-accel', 'kvm', '-cpu', 'host'];
  const cpu = arch === 'x64' ? 'max,pku=off,la57=off,cx16=off' : 'max,pauth-impdef=on';
  return ['-machine', machine, '-accel', 'tcg,thread=multi,tb-size=1024', '-cpu', cpu];
}

/**
 * Emulated, a service may take minutes to start on a busy host, and is not to be given up; and what
 * protects one process from another costs a tenth of the speed, for nothing.
 */
function boot({ arch, accelerator, kernel, shareSocket }: MachineOptions): string[] {
  const terminal = arch === 'x64' ? 'ttyS0' : 'ttyAMA0';
  const line = ['root=LABEL=coracle', 'ro', `console=${terminal}`, 'net.ifnames=0', 'panic=-1'];
  if (accelerator === 'tcg') {
    line.push('systemd.default_timeout_start_sec=600', 'mitigations=off', 'init_on_alloc=0');
  }
  if (shareSocket !== undefined) line.push('coracle.share');
  return ['-kernel', kernel.kernel, '-initrd', kernel.initrd, '-append', line.join(' ')];
}

function disks({ disk, source }: MachineOptions): string[] {
  const throwaway = disk.throwaway ? ',snapshot=on' : '';
  const root = `file=${escape(disk.file)},format=${disk.format},if=none,id=root,discard=unmap${throwaway}`;
  const drives = ['-drive', root, '-device', 'virtio-blk-pci,drive=root,serial=coracle-root'];
  if (source === undefined) return drives;
  const tar = `file=${escape(source)},format=raw,if=none,id=source,readonly=on`;
  return [...drives, '-drive', tar, '-device', 'virtio-blk-pci,drive=source,serial=coracle-source'];
}

/** virtiofsd reads and writes the guest's memory, so it must be shared with it. */
function share({ shareSocket, memoryMiB }: MachineOptions): string[] {
  if (shareSocket === undefined) return [];
  return [
    ['-object', `memory-backend-memfd,id=memory,size=${memoryMiB}M,share=on`],
    ['-numa', 'node,memdev=memory'],
    ['-chardev', `socket,id=share,path=${escape(shareSocket)}`],
    ['-device', 'vhost-user-fs-pci,chardev=share,tag=coracle'],
  ].flat();
}

/**
 * systemd takes credentials from the firmware (systemd.exec(5), "Credentials"): one is the key of
 * root, the other a line for tmpfiles.d(5) that writes the key of the user vagrant.
 */
function credentials(publicKey: string): string[] {
  const key = Buffer.from(`${publicKey}\n`).toString('base64');
  const lines = [
    'd /home/vagrant/.ssh 0700 vagrant vagrant -',
    `f+~ /home/vagrant/.ssh/authorized_keys 0600 vagrant vagrant - ${key}`,
  ];
  const extra = Buffer.from(`${lines.join('\n')}\n`).toString('base64');
  const credential = (name: string, value: string): string[] => [
    '-smbios',
    `type=11,value=io.systemd.credential.binary:${name}=${value}`,
  ];
  return [...credential('ssh.authorized_keys.root', key), ...credential('tmpfiles.extra', extra)];
}

/** qemu splits its options at commas; two stand for one. */
function escape(file: string): string {
  return file.replaceAll(',', ',,');
}
