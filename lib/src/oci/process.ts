/**
 * The program of a container and everything that the kernel keeps for each process
 * (config.md, "Process"). `exec` takes the same object in a file of its own.
 */
import type { Int64 } from './integers.ts';
import type { IOPriority, Scheduler } from './scheduling.ts';

/** config.md, "Process", "POSIX process" and "Linux Process". */
export interface Process {
  /** Whether the standard streams are a pseudoterminal. */
  terminal?: boolean;
  /** In characters; ignored without `terminal`. */
  consoleSize?: ConsoleSize;
  user: User;
  /** argv; the first entry is looked up as `execvp` does. Required on Linux. */
  args?: string[];
  /** Each `NAME=value`. */
  env?: string[];
  /** Absolute, inside the container. */
  cwd: string;
  capabilities?: LinuxCapabilities;
  rlimits?: PosixRlimit[];
  noNewPrivileges?: boolean;
  apparmorProfile?: string;
  /** Written to `/proc/<pid>/oom_score_adj`: -1000 to 1000. */
  oomScoreAdj?: number;
  scheduler?: Scheduler;
  selinuxLabel?: string;
  ioPriority?: IOPriority;
  execCPUAffinity?: ExecCPUAffinity;
}

/** config.md, "Process": the size of the console. */
export interface ConsoleSize {
  height: number;
  width: number;
}

/** config.md, "POSIX-platform User": ids as seen inside the container. */
export interface User {
  uid: number;
  gid: number;
  /** Left as inherited when not given. */
  umask?: number;
  additionalGids?: number[];
}

/** config.md, "Linux Process": names as in capabilities(7), for instance `CAP_CHOWN`. */
export interface LinuxCapabilities {
  bounding?: string[];
  effective?: string[];
  inheritable?: string[];
  permitted?: string[];
  ambient?: string[];
}

/** config.md, "POSIX process": one limit of setrlimit(2). */
export interface PosixRlimit {
  type: RlimitType;
  soft: Int64;
  hard: Int64;
}

/** Every limit that getrlimit(2) names on Linux. */
export const RLIMIT_TYPES = [
  'RLIMIT_AS',
  'RLIMIT_CORE',
  'RLIMIT_CPU',
  'RLIMIT_DATA',
  'RLIMIT_FSIZE',
  'RLIMIT_LOCKS',
  'RLIMIT_MEMLOCK',
  'RLIMIT_MSGQUEUE',
  'RLIMIT_NICE',
  'RLIMIT_NOFILE',
  'RLIMIT_NPROC',
  'RLIMIT_RSS',
  'RLIMIT_RTPRIO',
  'RLIMIT_RTTIME',
  'RLIMIT_SIGPENDING',
  'RLIMIT_STACK',
] as const;
export type RlimitType = (typeof RLIMIT_TYPES)[number];

/** config.md, "Linux Process": where an `exec` runs; CPU lists such as `0-3,7`. */
export interface ExecCPUAffinity {
  /** Before the process has joined the container's cgroup. */
  initial?: string;
  /** After it has. */
  final?: string;
}
