/**
 * Where the time of the warm path goes: V8's sampling profiler over some containers.
 *
 * A sample belongs to the nearest function of a layer on its stack: time in Node's own functions,
 * in koffi and in the kernel is its caller's. `sys/libc.ts`, through which all calls go, would say
 * nothing, and is passed over as well.
 */
import { Session, type Profiler } from 'node:inspector/promises';

export interface Cost {
  /** `layer/file.ts:line function`, or what V8 says of itself, such as `(garbage collector)`. */
  readonly where: string;
  readonly milliseconds: number;
}

const INTERVAL_US = 100;
const LIBRARY = '/lib/src/';
const PASSED_OVER = `${LIBRARY}sys/libc.ts`;
/**
 * Ends the time in which clone(2) runs with all signals blocked, the profiler's among them: what
 * is sampled there has been spent by its caller.
 */
const UNBLOCKS = 'setSignalMask';
/** The profiler's own. */
const PROFILER = 'post';

/** Runs `body` under the profiler; the costs of one of its `runs`, dearest first. */
export async function profile(runs: number, body: () => void): Promise<Cost[]> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
    await session.post('Profiler.start');
    for (let run = 0; run < runs; run += 1) body();
    const { profile: taken } = await session.post('Profiler.stop');
    return attribute(taken, runs);
  } finally {
    session.disconnect();
  }
}

/** Sums the samples by owner; pure. */
function attribute(taken: Profiler.Profile, runs: number): Cost[] {
  const owners = ownerOfNodes(taken.nodes);
  const sums = new Map<string, number>();
  (taken.samples ?? []).forEach((node, index) => {
    const owner = owners.get(node) ?? '(unknown)';
    sums.set(owner, (sums.get(owner) ?? 0) + (taken.timeDeltas?.[index] ?? 0) / 1000 / runs);
  });
  sums.delete(PROFILER);
  return [...sums]
    .map(([where, milliseconds]) => ({ where, milliseconds }))
    .toSorted((a, b) => b.milliseconds - a.milliseconds);
}

function ownerOfNodes(nodes: readonly Profiler.ProfileNode[]): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const owners = new Map<number, string>();
  const visit = (node: Profiler.ProfileNode, inherited: string | undefined): void => {
    const owner = ownerOf(node.callFrame) ?? inherited;
    owners.set(node.id, owner ?? node.callFrame.functionName);
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      if (child !== undefined) visit(child, owner);
    }
  };
  const [root] = nodes;
  if (root !== undefined) visit(root, undefined);
  return owners;
}

function ownerOf({ url, functionName, lineNumber }: Profiler.ProfileNode['callFrame']) {
  const start = url.lastIndexOf(LIBRARY);
  if (start === -1 || url.endsWith(PASSED_OVER) || functionName === UNBLOCKS) return undefined;
  const file = url.slice(start + LIBRARY.length);
  return `${file}:${lineNumber + 1} ${functionName || '(anonymous)'}`;
}
