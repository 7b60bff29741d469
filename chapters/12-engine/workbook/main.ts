/**
 * The TypeScript half of ./workbook: reads the command, makes sure of what it needs (Debian
 * packages, bundles), runs it as a child process, and exits with the child's code.
 */
import { book } from './book.ts';
import { ensureBundles } from './bundles.ts';
import { doctor } from './doctor/command.ts';
import { learnCommands, type Command } from './learn/commands.ts';
import { words } from './learn/words.ts';
import { ensurePackages, engineNeeds } from './packages.ts';
import { runScript } from './run-script.ts';

const commands: Readonly<Record<string, Command>> = {
  ...learnCommands,
  demo: {
    usage: 'demo',
    async run(args) {
      await enginePackages();
      await ensureBundles();
      return runScript('chapters/12-engine/demo/demo.ts', args);
    },
  },
  test: {
    usage: 'test [--only SUITE,...]',
    run: (args) => runScript('tests/run.ts', args),
  },
  check: {
    usage: 'check [--mine]',
    async run(args) {
      if (!args.includes('--mine')) return runScript('tests/check.ts', args);
      const { checkTypes } = await import('./learn/types.ts');
      return checkTypes();
    },
  },
  book,
  vm: {
    usage: 'vm COMMAND',
    async run(args) {
      const { runVm } = await import('./vm/command.ts');
      return runVm(args);
    },
  },
  doctor: {
    usage: 'doctor [--repair] [--json]',
    run: doctor,
  },
  help: {
    usage: 'help',
    run: () => {
      process.stdout.write(helpText());
      return Promise.resolve(0);
    },
  },
};

// Whoever reads has enough, as `./workbook list | head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...args] = argv;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    if (name === '--help' || name === '-h') return main(['help']);
    process.stderr.write(
      `workbook: ${words('error.command', { name, known: Object.keys(commands).join(', ') })}\n`,
    );
    return 2;
  }
  if (name !== 'vm' && ['--help', '-h'].includes(args[0] ?? '')) {
    process.stdout.write(commandHelp(name, command));
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`workbook: ${optionText(error) ?? message}\n`);
    return isUsageError(error) ? 2 : 1;
  }
}

/** Ours, or that of Node's parseArgs. */
function isUsageError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return error.name === 'UsageError' || code.startsWith('ERR_PARSE_ARGS');
}

/** What Node's parseArgs says of an option, in our words. */
function optionText(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const [, option = ''] = /'(-[^ ']*)/.exec(error.message) ?? [];
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return words('error.option', { option });
  if (error.code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return undefined;
  return words('error.option-value', { option });
}

function commandHelp(name: string, { usage }: Command): string {
  const about = words(`about.${name}`);
  const more = words.has(`help.${name}`) ? `\n${words(`help.${name}`)}\n` : '';
  return `${words('help.usage', { usage })}\n\n${about[0]?.toUpperCase() ?? ''}${about.slice(1)}.\n${more}`;
}

/** Without root the demo only shows what it would do, so a missing package does not stop it. */
async function enginePackages(): Promise<void> {
  try {
    await ensurePackages(engineNeeds);
  } catch (error) {
    if (process.getuid?.() === 0 || !(error instanceof Error)) throw error;
    process.stderr.write(`workbook: ${error.message}\n`);
  }
}

function helpText(): string {
  const rows = Object.entries(commands).map(
    ([name, { usage }]) => `  ${usage.padEnd(28)}${words(`about.${name}`)}\n`,
  );
  const usage = words('help.usage', { usage: 'COMMAND' });
  return `${words('help.head')}\n\n${usage}\n\n${rows.join('')}\n${words('help.foot')}\n`;
}
