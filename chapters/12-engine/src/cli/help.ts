/** The help texts, made from what the commands say of themselves. */
import type { Command } from './command.ts';

export async function generalHelp(
  commands: Readonly<Record<string, () => Promise<Command>>>,
): Promise<string> {
  const rows: [string, string][] = [];
  for (const [name, load] of Object.entries(commands)) rows.push([name, (await load()).summary]);
  return `Usage: coracle [--root DIR] COMMAND [OPTION ...]

${columns(rows)}
--root DIR, or CORACLE_ROOT, is where images are kept; /var/lib/coracle otherwise.
'coracle COMMAND --help' tells the options of a command.
`;
}

export function commandHelp(name: string, command: Command): string {
  const options = command.help.length === 0 ? '' : `\n${columns(command.help)}`;
  return `Usage: coracle ${name} ${command.usage}\n\n${command.summary}\n${options}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 3;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}\n`).join('');
}
