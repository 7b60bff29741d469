import { readFileSync } from 'node:fs';
import { CoracleError } from 'coracle/base';
import { parseResources, type LinuxResources } from 'coracle/oci';
import { containerId, ONE, type Call, type Command } from '../command.ts';
import { openRuntime } from '../open-runtime.ts';
import { RESOURCE_FLAGS, resourcesFromFlags } from '../resources.ts';

export const command: Command = {
  name: 'update',
  argsUsage: '<container-id>',
  flags: [
    {
      name: 'resources',
      short: 'r',
      kind: 'string',
      usage: `path to a file with the resources to update, or '-' for standard input

It is the object "linux.resources" of the runtime specification; what is left
out stays as it is:

{
  "memory": { "limit": 0, "reservation": 0, "swap": 0 },
  "cpu": { "shares": 0, "quota": 0, "period": 0, "cpus": "", "mems": "" },
  "blockIO": { "weight": 0 },
  "pids": { "limit": 0 }
}

Note: if data is to be read from a file or the standard input, all
other options are ignored.
`,
    },
    ...RESOURCE_FLAGS,
  ],
  args: ONE,
  run(call) {
    const id = containerId(call);
    const runtime = openRuntime(call);
    runtime.state(id);
    runtime.update(id, requested(call));
  },
};

function requested({ flags, log }: Call): LinuxResources {
  const from = flags.string('resources');
  if (from === undefined) {
    if (flags.has('kernel-memory') || flags.has('kernel-memory-tcp')) {
      log.warning('Kernel memory settings are ignored and will be removed');
    }
    return resourcesFromFlags(flags);
  }
  const name = from === '-' ? 'standard input' : from;
  return parseResources(read(from), name, {
    onWarning: ({ pointer, found, next }) => log.warning(`${name}: ${pointer}: ${found}. ${next}`),
  });
}

function read(from: string): string {
  try {
    return readFileSync(from === '-' ? 0 : from, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CoracleError('RESOURCES', `--resources ${from}: ${reason}`, { cause: error });
  }
}
