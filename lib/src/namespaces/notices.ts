/** What a program that makes namespaces tells its parent, each by a number both sides know. */

/** The child waits until its user namespace has mappings. */
export const NOTICE_MAPPINGS = 1;

/** The process that makes the namespaces is replaced by its child; the value is the child's PID. */
export const NOTICE_FORKED = 2;

/** The child waits until the parent has put it into its cgroup. */
export const NOTICE_CGROUP = 3;
