/**
 * `coracle-runtime`: the command line of runc, on Coracle's runtime.
 *
 *     global flags → log → command → its flags → run → exit code
 *
 * A command's file, and the runtime itself, are loaded only when they are needed; start-up is most
 * of what a command costs.
 */
import { CoracleError, messageOf } from 'coracle/base';
import type { Call, Command } from './command.ts';
import { findCommand } from './commands/index.ts';
import { FlagValues, parseFlags, UsageError, type Parsed } from './flags.ts';
import { GLOBAL_FLAGS, openLog, readGlobals } from './globals.ts';
import { Log } from './log.ts';
import { print } from './output.ts';

/**
 * Runs one command line.
 *
 * @param argv without the program's own name.
 * @returns the exit code: 0, for `run` and `exec` the container's own, 255 for an `exec` that
 *   failed, 3 for a command that there is not, 1 for any other failure.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const state: { log: Log; command?: Command } = { log: new Log() };
  try {
    const globals = await parseGlobals(argv);
    if (globals.values.bool('version')) return await printVersion();
    const [name = 'help', ...rest] = globals.args;
    if (globals.help) return await printHelp();
    state.log = openLog(globals.values);
    if (name === 'help' || name === 'h') return await printHelp(rest[0]);
    state.command = await findCommand(name);
    return await runCommand(state.command, rest, globals.values, state.log);
  } catch (error) {
    return report(error, state.log, state.command);
  }
}

function report(error: unknown, log: Log, command: Command | undefined): number {
  // A wrong command line is nothing that the command did.
  const failure = error instanceof UsageError ? undefined : command?.failure;
  log.error(`${failure?.prefix ?? ''}${messageOf(error)}`);
  if (error instanceof CoracleError && error.code === 'NO_COMMAND') return 3;
  return failure?.code ?? 1;
}

async function parseGlobals(argv: readonly string[]): Promise<Parsed> {
  try {
    return parseFlags(GLOBAL_FLAGS, argv, true);
  } catch (error) {
    await printUsage(error, `Incorrect Usage. ${messageOf(error)}`);
    throw error;
  }
}

async function runCommand(
  command: Command,
  argv: readonly string[],
  globals: FlagValues,
  log: Log,
): Promise<number> {
  const parsed = command.verbatim === true ? NOTHING : await parseArguments(command, argv);
  if (parsed === 'help') return printHelp(command.name);
  const { root, ownRoot } = readGlobals(globals);
  log.debug(`${command.name} ${argv.join(' ')} (root ${root})`);
  const call: Call = {
    flags: parsed.values,
    args: parsed.args,
    root,
    ownRoot,
    log,
    runtime: async () => {
      const { Runtime } = await import('coracle/runtime');
      return new Runtime({ root, onWarning: (message) => log.warning(message) });
    },
  };
  return (await command.run(call)) ?? 0;
}

const NOTHING: Parsed = { values: new FlagValues(), args: [], help: false };

async function parseArguments(command: Command, argv: readonly string[]): Promise<Parsed | 'help'> {
  let complaint = 'Incorrect Usage.';
  try {
    complaint = 'Incorrect Usage:';
    const parsed = parseFlags(command.flags, argv, command.stopAtFirst === true);
    if (parsed.help) return 'help';
    complaint = 'Incorrect Usage.';
    checkCount(command, parsed.args.length);
    return parsed;
  } catch (error) {
    const detail = complaint.endsWith(':') ? ` ${messageOf(error)}` : '';
    await printUsage(error, `${complaint}${detail}`, command);
    throw error;
  }
}

/** In runc's words. */
function checkCount({ name, args }: Command, count: number): void {
  const { min, max } = args;
  if (count >= min && count <= max) return;
  const wanted =
    min === max ? `exactly ${min}` : count < min ? `a minimum of ${min}` : `a maximum of ${max}`;
  throw new UsageError(`coracle-runtime: "${name}" requires ${wanted} argument(s)`);
}

/** Help goes to stdout before the error goes to the log: the error is the last that one reads. */
async function printUsage(error: unknown, complaint: string, command?: Command): Promise<void> {
  if (!(error instanceof UsageError)) return;
  const { appHelp, commandHelp } = await import('./help.ts');
  print(`${complaint}\n\n${command === undefined ? appHelp() : commandHelp(command)}`);
}

async function printHelp(name?: string): Promise<number> {
  const { appHelp, commandHelp } = await import('./help.ts');
  print(name === undefined ? appHelp() : commandHelp(await findCommand(name)));
  return 0;
}

async function printVersion(): Promise<number> {
  const { versionText } = await import('./version.ts');
  print(versionText());
  return 0;
}
