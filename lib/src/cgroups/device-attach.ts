/**
 * Puts a device program onto a version 2 cgroup, in the place of the one before.
 *
 * At no moment is the container without a filter: the new program replaces the old in one step
 * (BPF_F_REPLACE, Linux 5.6), or is attached before the others are detached, since access needs
 * the consent of all. Programs that others attached (systemd) go too, as with runc.
 *
 * The cgroup keeps an attached program alive; every descriptor made here is closed again. bpf(2).
 */
import { closeSync, constants, openSync } from 'node:fs';
import { SyscallError, addressOf, syscall } from '../sys/index.ts';

const COMMAND = { load: 5, attach: 8, detach: 9, fdById: 13, query: 16 } as const;
const BPF_PROG_TYPE_CGROUP_DEVICE = 15;
const BPF_CGROUP_DEVICE = 6;
const BPF_F_ALLOW_MULTI = 2;
const BPF_F_REPLACE = 4;
/** The kernel runs at most this many programs on one cgroup. */
const MAX_PROGRAMS = 64;

/**
 * Loads `program` and makes it the only device program of the cgroup.
 * Errors: SyscallError of bpf(2): EPERM without CAP_BPF or CAP_SYS_ADMIN, EINVAL for bad bytes.
 */
export function replaceDeviceProgram(directory: string, program: Uint8Array): void {
  const fds: number[] = [];
  const keep = (fd: number): number => {
    fds.push(fd);
    return fd;
  };
  try {
    const cgroup = keep(openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY));
    const old = attachedIds(cgroup).map((id) => keep(programById(id)));
    const fresh = keep(loadProgram(program));
    const [only] = old;
    if (old.length === 1 && only !== undefined && tryReplace(cgroup, fresh, only)) return;
    attach(cgroup, fresh, BPF_F_ALLOW_MULTI, 0);
    for (const fd of old) detach(cgroup, fd);
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}

/** How many device programs the cgroup at `directory` has of its own. bpf(2) BPF_PROG_QUERY. */
export function countDevicePrograms(directory: string): number {
  const cgroup = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return attachedIds(cgroup).length;
  } finally {
    closeSync(cgroup);
  }
}

/** struct { u32 prog_type, insn_cnt; u64 insns, license; u32 log_level, log_size; u64 log_buf; … } */
function loadProgram(program: Uint8Array): number {
  const license = Buffer.from('Apache-2.0\0');
  const attr = Buffer.alloc(48);
  attr.writeUInt32LE(BPF_PROG_TYPE_CGROUP_DEVICE, 0);
  attr.writeUInt32LE(program.length / 8, 4);
  attr.writeBigUInt64LE(addressOf(program), 8);
  attr.writeBigUInt64LE(addressOf(license), 16);
  return bpf(COMMAND.load, attr);
}

/** struct { u32 target_fd, attach_type, query_flags, attach_flags; u64 prog_ids; u32 prog_cnt; … } */
function attachedIds(cgroup: number): number[] {
  const ids = Buffer.alloc(MAX_PROGRAMS * 4);
  // 64 bytes, although 32 would do: Linux 6.17 writes `revision`, the last field, whatever the size.
  const attr = Buffer.alloc(64);
  attr.writeUInt32LE(cgroup, 0);
  attr.writeUInt32LE(BPF_CGROUP_DEVICE, 4);
  attr.writeBigUInt64LE(addressOf(ids), 16);
  attr.writeUInt32LE(MAX_PROGRAMS, 24);
  bpf(COMMAND.query, attr);
  return Array.from({ length: attr.readUInt32LE(24) }, (_, index) => ids.readUInt32LE(index * 4));
}

function programById(id: number): number {
  const attr = Buffer.alloc(16);
  attr.writeUInt32LE(id, 0);
  return bpf(COMMAND.fdById, attr);
}

/** False on a kernel without BPF_F_REPLACE, which finds the flag invalid. */
function tryReplace(cgroup: number, fresh: number, old: number): boolean {
  try {
    attach(cgroup, fresh, BPF_F_ALLOW_MULTI | BPF_F_REPLACE, old);
    return true;
  } catch (error) {
    if (error instanceof SyscallError && error.code === 'EINVAL') return false;
    throw error;
  }
}

/** struct { u32 target_fd, attach_bpf_fd, attach_type, attach_flags, replace_bpf_fd; } */
function attach(cgroup: number, program: number, flags: number, replaced: number): void {
  const attr = Buffer.alloc(20);
  for (const [index, word] of [cgroup, program, BPF_CGROUP_DEVICE, flags, replaced].entries()) {
    attr.writeUInt32LE(word, index * 4);
  }
  bpf(COMMAND.attach, attr);
}

function detach(cgroup: number, program: number): void {
  const attr = Buffer.alloc(12);
  for (const [index, word] of [cgroup, program, BPF_CGROUP_DEVICE].entries()) {
    attr.writeUInt32LE(word, index * 4);
  }
  bpf(COMMAND.detach, attr);
}

/** `int bpf(int cmd, union bpf_attr *attr, unsigned int size)`. A signal may interrupt the verifier. */
function bpf(command: number, attr: Buffer): number {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return syscall('bpf', command, attr, attr.length);
    } catch (error) {
      const again = error instanceof SyscallError && error.code === 'EAGAIN' && attempt < 30;
      if (!again) throw error;
    }
  }
}
