import { CoracleError } from 'coracle/base';
import { stringifyStats, watchOom, type CgroupStats } from 'coracle/cgroups';
import type { Runtime } from 'coracle/runtime';
import { containerId, EXISTING, ONE, type Command } from '../command.ts';
import { openRuntime } from '../open-runtime.ts';
import { print } from '../output.ts';

export const command: Command = {
  name: 'events',
  argsUsage: EXISTING,
  description: `The events command displays information about the container. By default the
information is displayed once every 5 seconds.`,
  flags: [
    {
      name: 'interval',
      kind: 'duration',
      usage: 'set the stats collection interval',
      default: '5s',
    },
    { name: 'stats', kind: 'bool', usage: "display the container's stats then exit" },
  ],
  args: ONE,
  async run(call) {
    const id = containerId(call);
    const runtime = openRuntime(call);
    const { status } = runtime.state(id);
    const interval = call.flags.duration('interval') ?? 5000;
    if (interval <= 0) {
      throw new CoracleError('INTERVAL', 'duration interval must be greater than 0');
    }
    if (status === 'stopped') {
      throw new CoracleError('CONTAINER_STATUS', `container with id ${id} is not running`);
    }
    if (call.flags.bool('stats')) printStats(id, runtime.stats(id));
    else await follow(runtime, id, interval);
  },
};

/** Until the container's cgroup is gone. */
function follow(runtime: Runtime, id: string, interval: number): Promise<void> {
  const cgroup = runtime.cgroup(id);
  return new Promise((resolve) => {
    const end = (): void => {
      clearInterval(timer);
      watcher.close();
      resolve();
    };
    const timer = setInterval(() => {
      if (cgroup.exists()) printStats(id, cgroup.stats());
      else end();
    }, interval);
    const watcher = watchOom(
      cgroup.paths,
      () => print(`${JSON.stringify({ type: 'oom', id })}\n`),
      end,
    );
  });
}

/** In the words of runc's `types.Event`; what it leaves out for being 0 is 0 here. */
function printStats(id: string, stats: CgroupStats): void {
  // Interfaces are the engine's, and Intel RDT is not supported.
  const data = { ...stats, intel_rdt: {}, network_interfaces: null };
  print(`${stringifyStats({ type: 'stats', id, data })}\n`);
}
