/**
 * `coracle`: images by Docker's words.
 *
 *     --root → command → its options → run → exit code
 *
 * A command's file is loaded only when it is asked for.
 */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { messageOf } from 'coracle/base';
import { UsageError, type Command, type Options } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { Engine } from './engine.ts';
import { commandHelp, generalHelp } from './help.ts';

const DEFAULT_ROOT = '/var/lib/coracle';

process.exitCode = await main(process.argv.slice(2));

/** @returns the exit code: 0, 1 for a failure, 125 for a wrong command line, as docker's. */
async function main(argv: readonly string[]): Promise<number> {
  const cancelled = new AbortController();
  const cancel = (): void => cancelled.abort(new Error('cancelled'));
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  try {
    await dispatch(argv, cancelled.signal);
    return 0;
  } catch (error) {
    process.stderr.write(`coracle: ${messageOf(error)}\n`);
    return error instanceof UsageError ? 125 : 1;
  }
}

async function dispatch(argv: readonly string[], signal: AbortSignal): Promise<void> {
  const { root, rest } = takeRoot(argv);
  const [name, ...args] = rest;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    return print(await generalHelp(COMMANDS));
  }
  const load = COMMANDS[name];
  if (load === undefined) {
    throw new UsageError(`there is no command ${name}; 'coracle help' lists those there are`);
  }
  const command = await load();
  const { positionals, values } = parse(name, command, args);
  if (values['help'] === true) return print(commandHelp(name, command));
  const { min, max } = command.args;
  if (positionals.length < min || positionals.length > max) {
    throw new UsageError(`it is: coracle ${name} ${command.usage}`);
  }
  using engine = new Engine(root);
  await command.run({ engine, args: positionals, options: values, signal });
}

/** `--root DIR` stands before the command, as global options do. */
function takeRoot(argv: readonly string[]): { root: string; rest: readonly string[] } {
  const fallback = process.env['CORACLE_ROOT'] ?? '';
  const [first = '', second, ...others] = argv;
  if (first.startsWith('--root=')) return { root: first.slice(7), rest: argv.slice(1) };
  if (first === '--root' && second !== undefined) return { root: second, rest: others };
  if (first === '--root') throw new UsageError('--root needs a folder after it');
  return { root: fallback === '' ? DEFAULT_ROOT : fallback, rest: argv };
}

function parse(
  name: string,
  command: Command,
  args: readonly string[],
): { positionals: string[]; values: Options } {
  const options: ParseArgsConfig['options'] = {
    ...command.options,
    help: { type: 'boolean', short: 'h' },
  };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [first = ''] = messageOf(error).split('. ');
    throw new UsageError(`${first}; 'coracle ${name} --help' tells the options`);
  }
}

function print(lines: string): void {
  process.stdout.write(lines);
}
