/** The help texts, in the form of runc's. */
import type { Command } from './command.ts';
import { COMMANDS } from './commands/names.ts';
import { HELP, type Flag } from './flags.ts';
import { GLOBAL_FLAGS } from './globals.ts';
import { versionText } from './version.ts';

/** `coracle-runtime help`. */
export function appHelp(): string {
  const commands = Object.entries(COMMANDS).map(
    ([name, usage]) => `   ${name.padEnd(12)}${usage}\n`,
  );
  return [
    `NAME:\n   coracle-runtime - ${ABOUT}\n\n`,
    'USAGE:\n   coracle-runtime [global options] command [command options] [arguments...]\n\n',
    `VERSION:\n   ${versionText().replace('coracle-runtime version ', '')}\n`,
    `COMMANDS:\n${commands.join('')}   help, h     Shows a list of commands or help for one command\n\n`,
    `GLOBAL OPTIONS:\n${options([...GLOBAL_FLAGS, HELP])}`,
  ].join('');
}

/** `coracle-runtime COMMAND --help`. */
export function commandHelp({ name, argsUsage, description, flags }: Command): string {
  const shown = flags.filter(({ hidden }) => hidden !== true);
  const optionsNote = shown.length > 0 ? ' [command options]' : '';
  return [
    `NAME:\n   coracle-runtime ${name} - ${COMMANDS[name]}\n\n`,
    `USAGE:\n   coracle-runtime ${name}${optionsNote} ${argsUsage}\n\n`,
    description === undefined ? '' : `DESCRIPTION:\n   ${description}\n\n`,
    shown.length === 0 ? '' : `OPTIONS:\n${options(shown)}\n`,
  ].join('');
}

const ABOUT = `Open Container Initiative runtime

coracle-runtime runs applications packaged according to the Open Container
Initiative (OCI) format, and takes the command line of runc.

Containers are configured using bundles. A bundle for a container is a directory
that includes a specification file named "config.json" and a root filesystem.
The root filesystem contains the contents of the container.

To start a new instance of a container:

    # coracle-runtime run [ -b bundle ] <container-id>

Where "<container-id>" is your name for the instance of the container that you
are starting. The name you provide for the container instance must be unique on
your host. Providing the bundle directory using "-b" is optional. The default
value for "bundle" is the current directory.`;

function options(flags: readonly Flag[]): string {
  const rows = flags
    .filter(({ hidden }) => hidden !== true)
    .map((flag) => ({ left: left(flag), right: right(flag) }));
  const width = Math.max(...rows.map((row) => row.left.length)) + 2;
  return rows.map((row) => `   ${row.left.padEnd(width)}${row.right}\n`).join('');
}

function left({ name, short, kind }: Flag): string {
  const value = kind === 'bool' ? '' : ' value';
  const long = `--${name}${value}`;
  return short === undefined ? long : `${long}, -${short}${value}`;
}

function right({ usage, default: preset }: Flag): string {
  return preset === undefined ? usage : `${usage} (default: ${preset})`;
}
