/** System call filters (config-linux.md, "Seccomp"; names of libseccomp 2.6). */
import type { Int64 } from './integers.ts';

export const SECCOMP_ACTIONS = [
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_LOG',
  'SCMP_ACT_NOTIFY',
] as const;
export type SeccompAction = (typeof SECCOMP_ACTIONS)[number];

export const SECCOMP_OPERATORS = [
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
] as const;
export type SeccompOperator = (typeof SECCOMP_OPERATORS)[number];

export const SECCOMP_ARCHITECTURES = [
  'SCMP_ARCH_X86',
  'SCMP_ARCH_X86_64',
  'SCMP_ARCH_X32',
  'SCMP_ARCH_ARM',
  'SCMP_ARCH_AARCH64',
  'SCMP_ARCH_LOONGARCH64',
  'SCMP_ARCH_M68K',
  'SCMP_ARCH_MIPS',
  'SCMP_ARCH_MIPS64',
  'SCMP_ARCH_MIPS64N32',
  'SCMP_ARCH_MIPSEL',
  'SCMP_ARCH_MIPSEL64',
  'SCMP_ARCH_MIPSEL64N32',
  'SCMP_ARCH_PARISC',
  'SCMP_ARCH_PARISC64',
  'SCMP_ARCH_PPC',
  'SCMP_ARCH_PPC64',
  'SCMP_ARCH_PPC64LE',
  'SCMP_ARCH_RISCV64',
  'SCMP_ARCH_S390',
  'SCMP_ARCH_S390X',
  'SCMP_ARCH_SH',
  'SCMP_ARCH_SHEB',
] as const;
export type SeccompArchitecture = (typeof SECCOMP_ARCHITECTURES)[number];

export const SECCOMP_FLAGS = [
  'SECCOMP_FILTER_FLAG_TSYNC',
  'SECCOMP_FILTER_FLAG_LOG',
  'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
  'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
] as const;
export type SeccompFlag = (typeof SECCOMP_FLAGS)[number];

/** A filter of system calls (config-linux.md, "Seccomp"). */
export interface LinuxSeccomp {
  /** For every call that no entry of `syscalls` matches. */
  defaultAction: SeccompAction;
  /** For SCMP_ACT_ERRNO and SCMP_ACT_TRACE; EPERM when missing. */
  defaultErrnoRet?: number;
  /** Besides the kernel's own. */
  architectures?: SeccompArchitecture[];
  flags?: SeccompFlag[];
  /** Unix socket that gets the notify descriptor; only for SCMP_ACT_NOTIFY. */
  listenerPath?: string;
  /** Handed on in the container process state. */
  listenerMetadata?: string;
  syscalls?: LinuxSyscall[];
}

/** One rule: these calls, if all `args` match, get this action. */
export interface LinuxSyscall {
  names: string[];
  action: SeccompAction;
  /** As `defaultErrnoRet`. */
  errnoRet?: number;
  args?: LinuxSeccompArg[];
}

/** A condition on one argument of a system call. */
export interface LinuxSeccompArg {
  /** 0 to 5. */
  index: number;
  value: Int64;
  /** The value to compare with under SCMP_CMP_MASKED_EQ, where `value` is the mask. */
  valueTwo?: Int64;
  op: SeccompOperator;
}
