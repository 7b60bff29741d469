/** Takes the learner's steps for a real user namespace, as a user who is not root. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IdMappings, MapStep, MapWriter } from 'coracle/namespaces';
import { hasCode } from 'coracle/sys';

interface Learner {
  planIdMappings(mappings: IdMappings, writer: MapWriter): MapStep[];
}

interface Outcome {
  readonly pid: number | undefined;
  /** The step that the kernel refused. */
  readonly failed?: string;
}

/** Nobody's ids, in no file of this machine. */
const ID = 42_424;
const ITSELF = [{ containerID: 0, hostID: ID, size: 1 }];

/** A user makes a user namespace and maps itself in it. */
export async function mapItself(learner: Learner): Promise<Outcome> {
  const steps = learner.planIdMappings(
    { uid: ITSELF, gid: ITSELF },
    { privileged: false, uid: ID, gid: ID },
  );
  // It lives until the learner's process ends, which holds the other end of its standard input.
  const script = 'echo ready; read line';
  const child = spawn('unshare', ['--user', 'sh', '-c', script], {
    uid: ID,
    gid: ID,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const failed = asUser(() => steps.map((step) => take(step, child.pid ?? 0)));
  const [first] = failed.filter((text) => text !== undefined);
  return { pid: child.pid, ...(first !== undefined && { failed: first }) };
}

function asUser<T>(act: () => T): T {
  process.setegid?.(ID);
  process.seteuid?.(ID);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

/** Files of the process only; a helper has no range for this user in /etc/subuid. */
function take(step: MapStep, pid: number): string | undefined {
  if (!('write' in step)) return `${step.run}: EPERM`;
  if (!['uid_map', 'gid_map', 'setgroups'].includes(step.write)) return `${step.write}: ENOENT`;
  try {
    writeFileSync(`/proc/${pid}/${step.write}`, step.text);
    return undefined;
  } catch (error) {
    const refusals = ['EPERM', 'EINVAL', 'EACCES'];
    const code = refusals.find((each) => hasCode(error, each));
    if (code === undefined) throw error;
    return `${step.write}: ${code}`;
  }
}
