/** What the user of an image may ask for; the rest is the image's. */
export interface ProcessOptions {
  /** In place of the image's Entrypoint and Cmd; empty for none. */
  readonly entrypoint?: readonly string[];
  /** In place of the image's Cmd, unless there are none. */
  readonly args?: readonly string[];
  /** `NAME=value`, added; `NAME` takes one away. */
  readonly env?: readonly string[];
  /** In place of the image's WorkingDir, unless it is empty. */
  readonly cwd?: string;
  /** In place of the image's User, unless it is empty. */
  readonly user?: string;
}

/** What a container executes, before its user is looked up. */
export interface ProcessPlan {
  readonly args: string[];
  readonly env: string[];
  readonly cwd: string;
  /** `''` is root. */
  readonly user: string;
}

/** What the kernel knows of a user. */
export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: number[];
}
