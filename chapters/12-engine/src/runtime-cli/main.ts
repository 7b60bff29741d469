/**
 * `coracle-runtime`: the command line of runc, on Coracle's runtime.
 *
 *     global flags → log → command → its flags → run → exit code
 *
 * A command's file is loaded only when it is asked for: start-up is most of what a command costs.
 */
import { CoracleError, messageOf } from 'coracle/base';
import type { Command } from './command.ts';
import { isCommand, type CommandName } from './commands/names.ts';
import { FlagValues, parseFlags, UsageError, type Parsed } from './flags.ts';
import { GLOBAL_FLAGS, openLog, readGlobals } from './globals.ts';
import { appHelp, commandHelp } from './help.ts';
import { Log } from './log.ts';
import { print } from './output.ts';
import { versionText } from './version.ts';

/** Loads the file of a command. */
export type Load = (name: CommandName) => Promise<Command>;

/**
 * Runs one command line.
 *
 * @param argv without the program's own name.
 * @returns the exit code: 0, for `run` and `exec` the container's own, 255 for an `exec` that
 *   failed, 3 for a command that there is not, 1 for any other failure.
 */
export async function main(argv: readonly string[], load: Load): Promise<number> {
  let log = new Log();
  try {
    const globals = parse(GLOBAL_FLAGS, argv, true);
    if (globals.values.bool('version')) return printVersion();
    const [name = 'help', ...rest] = globals.args;
    if (globals.help) return printHelp(undefined);
    log = openLog(globals.values);
    if (name === 'help' || name === 'h') return printHelp(await topic(rest[0], load));
    return await execute(await load(known(name)), rest, globals.values, log);
  } catch (error) {
    log.error(messageOf(error));
    return error instanceof CoracleError && error.code === 'NO_COMMAND' ? 3 : 1;
  }
}

/** A command from its flags on. */
async function execute(
  command: Command,
  argv: readonly string[],
  globals: FlagValues,
  log: Log,
): Promise<number> {
  const parsed = parseCommand(command, argv);
  if (parsed.help) return printHelp(command);
  const options = readGlobals(globals);
  log.debug(`${command.name} ${argv.join(' ')} (root ${options.root})`);
  const { prefix = '', code = 1 } = command.failure ?? {};
  try {
    return (await command.run({ flags: parsed.values, args: parsed.args, log, ...options })) ?? 0;
  } catch (error) {
    log.error(`${prefix}${messageOf(error)}`);
    return code;
  }
}

function parseCommand(command: Command, argv: readonly string[]): Parsed {
  if (command.verbatim === true) return { values: new FlagValues(), args: argv, help: false };
  const parsed = parse(command.flags, argv, command.stopAtFirst === true, command);
  const { min, max } = command.args;
  const count = parsed.args.length;
  if (parsed.help || (count >= min && count <= max)) return parsed;
  const limit = count < min ? `a minimum of ${min}` : `a maximum of ${max}`;
  const wanted = min === max ? `exactly ${min}` : limit;
  complain('Incorrect Usage.', command);
  throw new UsageError(`coracle-runtime: "${command.name}" requires ${wanted} argument(s)`);
}

/** Parses flags; help goes to stdout before an error goes to the log. */
function parse(
  flags: Command['flags'],
  argv: readonly string[],
  stopAtFirst: boolean,
  command?: Command,
): Parsed {
  try {
    return parseFlags(flags, argv, stopAtFirst);
  } catch (error) {
    complain(`Incorrect Usage: ${messageOf(error)}`, command);
    throw error;
  }
}

function complain(complaint: string, command: Command | undefined): void {
  print(`${complaint}\n\n`);
  printHelp(command);
}

function printHelp(command: Command | undefined): number {
  print(command === undefined ? appHelp() : commandHelp(command));
  return 0;
}

async function topic(name: string | undefined, load: Load): Promise<Command | undefined> {
  return name === undefined ? undefined : load(known(name));
}

function known(name: string): CommandName {
  if (isCommand(name)) return name;
  throw new CoracleError(
    'NO_COMMAND',
    `No help topic for '${name}'; coracle-runtime help lists the commands`,
  );
}

function printVersion(): number {
  print(versionText());
  return 0;
}
