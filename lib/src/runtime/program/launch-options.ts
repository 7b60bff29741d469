/** What the end of a process's program needs to know. */
import type { CompiledSeccomp } from '../seccomp/compile.ts';

/** How a process is launched, beside what its config says. */
export interface LaunchOptions {
  /** The child's end of the control socket. */
  readonly controlFd: number;
  /** Descriptors from 3 on that the program inherits. */
  readonly preserveFds: number;
  /** Make the working directory where it is missing: `create` does, `exec` does not. */
  readonly createCwd: boolean;
  /** The user namespace may be one in which nobody may leave groups. */
  readonly mayBeDenied: boolean;
  readonly seccomp: CompiledSeccomp | undefined;
  /** Appends the wait for `start`; `exec` has none. */
  readonly waitForStart?: () => void;
}
