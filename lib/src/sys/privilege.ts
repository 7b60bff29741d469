/**
 * What this process is root of. Effective user id 0 alone does not say it: in a user namespace, where
 * podman without root runs its runtime, it is power over that namespace and over nothing else.
 *
 * - host root: makes device nodes, attaches device programs to cgroups, lowers oom_score_adj;
 * - root of its own namespace: writes id maps and joins namespaces below it without help;
 * - neither: has no rights before it is in a user namespace of its own.
 *
 * user_namespaces(7), capabilities(7).
 */
import { readFileSync } from 'node:fs';

/** Whether this process is root of the user namespace that it is in, whichever that is. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** Whether this process is root of the initial user namespace, and so of the machine. */
export function isHostRoot(): boolean {
  return isRoot() && !inUserNamespace();
}

/** Whether this process is in another than the initial user namespace. */
export function inUserNamespace(): boolean {
  return !mapsEveryId(readFileSync('/proc/self/uid_map', 'utf8'));
}

/** Only in the initial user namespace is every id its own. Pure: the text of /proc/PID/uid_map. */
export function mapsEveryId(uidMap: string): boolean {
  return /^\s*0\s+0\s+4294967295\s*$/.test(uidMap);
}
