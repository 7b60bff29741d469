/**
 * What Coracle needs from Debian, who needs it, and how it gets there.
 * As root, missing packages are installed and named first; without root nothing is changed and
 * the exact apt command is the error. Whatever is installed, no daemon is started by it.
 */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { installPackages } from './apt.ts';
import { isStaticProgram } from './static-program.ts';

/** One Debian package, why it is wanted, and the sign that it (or its like) is there. */
export interface Need {
  readonly debian: string;
  readonly why: string;
  readonly present: () => boolean;
}

const libseccomp: Need = {
  debian: 'libseccomp2',
  why: 'compiles seccomp profiles',
  present: () => library('libseccomp.so.2'),
};
const busybox: Need = {
  debian: 'busybox-static',
  why: "the container's root filesystem is made of it",
  present: () => {
    const program = find('busybox');
    return program !== undefined && isStaticProgram(program);
  },
};

/** What the engine itself needs, and so the demo. */
export const engineNeeds: readonly Need[] = [
  libseccomp,
  busybox,
  tool('iproute2', 'ip', 'network namespaces and devices'),
  tool('uidmap', 'newuidmap', 'user namespaces without root'),
];

/** What a machine of ours needs on the host, and the image that it starts from. */
export const vmNeeds: readonly Need[] = [
  process.arch === 'arm64'
    ? tool('qemu-system-arm', 'qemu-system-aarch64', 'runs the machine')
    : tool('qemu-system-x86', 'qemu-system-x86_64', 'runs the machine'),
  tool('qemu-utils', 'qemu-img', "makes the machine's disk"),
  tool('openssh-client', 'ssh', 'logs in to it'),
  tool('mmdebstrap', 'mmdebstrap', 'makes the root file system of its image'),
  tool('e2fsprogs', 'mke2fs', 'makes the file system of its image'),
  tool('fdisk', 'sfdisk', 'partitions its image'),
];

/** Each suite of `./workbook test`, with what it needs beyond Node. */
export const suiteNeeds = {
  check: [],
  docs: [],
  unit: [
    libseccomp,
    tool('gcc', 'gcc', 'structure layouts are compared with the C headers'),
    header('libc6-dev', 'stdio.h', 'the C headers'),
    header('linux-libc-dev', 'linux/mount.h', "the kernel's headers"),
    header('libseccomp-dev', 'seccomp.h', "libseccomp's headers"),
    tool('qemu-user', 'qemu-aarch64', 'runs the arm64 loop'),
  ],
  kernel: [
    ...engineNeeds,
    tool('strace', 'strace', 'observes system calls from outside'),
    tool('fuse-overlayfs', 'fuse-overlayfs', 'the fallback where overlayfs is refused'),
    tool('nftables', 'nft', 'the leak check looks at firewall tables'),
  ],
  interop: [
    ...engineNeeds,
    tool('runc', 'runc', 'a runtime to compare with'),
    tool('crun', 'crun', 'a runtime to compare with'),
    tool('containerd', 'containerd', 'runs containers through coracle-runtime'),
    tool('docker.io', 'dockerd', 'runs containers through coracle-runtime'),
    tool('docker-cli', 'docker', 'drives dockerd (part of docker.io before Debian 13)'),
    tool('podman', 'podman', 'runs containers through coracle-runtime'),
    tool('umoci', 'umoci', 'makes the test images'),
    tool('skopeo', 'skopeo', 'copies the test images'),
    tool('docker-registry', 'docker-registry', 'a registry to push to and pull from'),
    tool('buildah', 'buildah', 'makes images, and reads ours'),
    tool('debootstrap', 'debootstrap', 'makes the Debian image that is unpacked'),
    tool('openssl', 'openssl', 'makes its certificate'),
    tool('iptables', 'iptables', 'dockerd wants it'),
    tool('nftables', 'nft', 'the leak check looks at firewall tables'),
  ],
  conformance: [
    ...engineNeeds,
    tool('runc', 'runc', 'a runtime to compare with'),
    tool('crun', 'crun', 'a runtime to compare with'),
  ],
  systemd: [
    ...engineNeeds,
    tool('runc', 'runc', 'a runtime to compare with'),
    tool('podman', 'podman', 'runs containers through coracle-runtime'),
    tool('containerd', 'containerd', 'runs containers through coracle-runtime'),
    tool('docker.io', 'dockerd', 'runs containers through coracle-runtime'),
    tool('apparmor', 'apparmor_parser', 'loads profiles'),
  ],
  book: [tool('chromium', 'chromium', 'opens the built book')],
  vm: vmNeeds,
} as const satisfies Readonly<Record<string, readonly Need[]>>;

/**
 * Makes sure of `needs`.
 * @throws Error naming each missing package, why it is wanted, and the command that installs them,
 *   when they cannot be installed here (not root, not Debian, or apt failed).
 */
export async function ensurePackages(needs: readonly Need[]): Promise<void> {
  const missing = missingOf(needs);
  if (missing.length === 0) return;
  const list = missing.map((need) => `  ${need.debian.padEnd(18)}${need.why}\n`).join('');
  const names = missing.map((need) => need.debian);
  const command = `apt-get install --no-install-recommends ${names.join(' ')}`;
  if (find('apt-get') === undefined) {
    throw new Error(`missing (Debian's package names):\n${list}Install them, then run this again.`);
  }
  if (process.getuid?.() !== 0) {
    throw new Error(`missing Debian packages:\n${list}Install them: sudo ${command}`);
  }
  process.stderr.write(`workbook: installing missing Debian packages:\n${list}`);
  await installPackages(names);
  const still = missingOf(missing);
  if (still.length > 0) {
    throw new Error(`still missing after apt-get: ${still.map((need) => need.debian).join(' ')}`);
  }
}

/** Those of `needs` that are not there; each package once. */
export function missingOf(needs: readonly Need[]): Need[] {
  const unique = new Map(needs.map((need) => [need.debian, need]));
  return [...unique.values()].filter((need) => !need.present());
}

function tool(debian: string, program: string, why: string): Need {
  return { debian, why, present: () => find(program) !== undefined };
}

function header(debian: string, file: string, why: string): Need {
  return { debian, why, present: () => inSystemFolder('/usr/include', file) };
}

function library(soname: string): boolean {
  return ['/lib', '/usr/lib', '/lib64', '/usr/lib64'].some((top) => inSystemFolder(top, soname));
}

/** In `top` itself, or in its folder for this architecture (such as x86_64-linux-gnu). */
function inSystemFolder(top: string, file: string): boolean {
  if (existsSync(path.join(top, file))) return true;
  if (!existsSync(top)) return false;
  return readdirSync(top)
    .filter((name) => name.endsWith('-linux-gnu'))
    .some((name) => existsSync(path.join(top, name, file)));
}

/** Looks a program up as a root shell would, also when the caller's PATH lacks the sbin folders. */
export function find(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':').concat('/usr/sbin', '/sbin');
  return folders.map((folder) => path.join(folder, program)).find(isExecutable);
}

/** Whether this user may execute the file. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
