import { existsSync } from 'node:fs';
import { CoracleError } from 'coracle/base';
import type { Call, Command } from '../command.ts';
import { openRuntime } from '../open-runtime.ts';
import { listed, type Listed } from '../listed.ts';
import { print } from '../output.ts';
import { table } from '../table.ts';

export const command: Command = {
  name: 'list',
  argsUsage: `

Where the given root is specified via the global option "--root"
(default: "/run/coracle").

EXAMPLE 1:
To list containers created via the default "--root":
       # coracle-runtime list

EXAMPLE 2:
To list containers created using a non-default value for "--root":
       # coracle-runtime --root value list`,
  flags: [
    {
      name: 'format',
      short: 'f',
      kind: 'string',
      usage: 'select one of: table or json',
      default: '"table"',
    },
    { name: 'quiet', short: 'q', kind: 'bool', usage: 'display only container IDs' },
  ],
  args: { min: 0, max: 0 },
  run(call) {
    const format = outputFormat(call);
    checkRoot(call);
    const runtime = openRuntime(call);
    const containers = runtime.list().map(listed);
    if (call.flags.bool('quiet')) print(containers.map(({ id }) => `${id}\n`).join(''));
    else if (format === 'table') print(asTable(containers));
    // Go's encoder prints an empty list as null, and callers may look for it.
    else print(`${containers.length === 0 ? 'null' : JSON.stringify(containers)}\n`);
  },
};

/** `--format` of `list` and `ps`. */
export function outputFormat({ flags }: Call): 'table' | 'json' {
  const format = flags.string('format') ?? 'table';
  if (format === 'table' || format === 'json') return format;
  throw new CoracleError('FORMAT', 'invalid format option; use table or json');
}

/** The default root need not be there yet; one that was named should. */
function checkRoot({ root, ownRoot }: Call): void {
  if (!ownRoot || existsSync(root)) return;
  throw new CoracleError('ROOT', `open ${root}: no such file or directory`);
}

function asTable(containers: readonly Listed[]): string {
  return table([
    ['ID', 'PID', 'STATUS', 'BUNDLE', 'CREATED', 'OWNER'],
    ...containers.map(({ id, pid, status, bundle, created, owner }) => [
      id,
      String(pid),
      status,
      bundle,
      created,
      owner,
    ]),
  ]);
}
