import { spawnSync } from 'node:child_process';
import { CoracleError } from 'coracle/base';
import { containerId, type Command } from '../command.ts';
import { openRuntime } from '../open-runtime.ts';
import { print } from '../output.ts';
import { outputFormat } from './list.ts';

export const command: Command = {
  name: 'ps',
  argsUsage: '<container-id> [ps options]',
  flags: [
    {
      name: 'format',
      short: 'f',
      kind: 'string',
      usage: 'select one of: table or json',
      default: '"table"',
    },
  ],
  args: { min: 1, max: Infinity },
  stopAtFirst: true,
  run(call) {
    const id = containerId(call);
    const format = outputFormat(call);
    const pids = openRuntime(call).processes(id);
    if (format === 'json') print(`${JSON.stringify(pids)}\n`);
    else print(onlyRows(listProcesses(call.args.slice(1)), pids));
  },
};

/** What ps(1) says of the whole machine. */
function listProcesses(options: readonly string[]): string {
  const args = options.length === 0 ? ['-ef'] : [...options];
  const { error, status, stdout, stderr } = spawnSync('ps', args, { encoding: 'utf8' });
  if (error !== undefined) {
    throw new CoracleError('PS', `cannot run ps (Debian package procps): ${error.message}`);
  }
  if (status === 0) return stdout;
  throw new CoracleError(
    'PS',
    `ps ${args.join(' ')}: exit status ${String(status)}: ${stderr.trim()}`,
  );
}

/** The heading, and the rows of some processes. Pure. */
export function onlyRows(output: string, pids: readonly number[]): string {
  const [heading = '', ...rows] = output.split('\n');
  const column = heading.trim().split(/\s+/).indexOf('PID');
  if (column < 0) {
    throw new CoracleError(
      'PS',
      "couldn't find PID field in ps output; choose options that show it",
    );
  }
  const wanted = new Set(pids.map(String));
  const kept = rows.filter((row) => wanted.has(row.trim().split(/\s+/)[column] ?? ''));
  return [heading, ...kept].map((row) => `${row}\n`).join('');
}
