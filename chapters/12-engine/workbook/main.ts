/**
 * The TypeScript half of ./workbook: reads the command, makes sure of what it needs (Debian
 * packages, bundles), runs it as a child process, and exits with the child's code.
 */
import { book } from './book.ts';
import { ensureBundles } from './bundles.ts';
import { doctor } from './doctor/command.ts';
import { learnCommands, type Command } from './learn/commands.ts';
import { ensurePackages, engineNeeds } from './packages.ts';
import { runScript } from './run-script.ts';

const commands: Readonly<Record<string, Command>> = {
  ...learnCommands,
  demo: {
    usage: 'demo',
    about: 'run a busybox container from a bundle, and show what happens',
    async run(args) {
      await enginePackages();
      await ensureBundles();
      return runScript('chapters/12-engine/demo.ts', args);
    },
  },
  test: {
    usage: 'test [--only SUITE,...]',
    about: 'run all tests, or only these suites (the README has their names)',
    run: (args) => runScript('tests/run.ts', args),
  },
  check: {
    usage: 'check',
    about: 'format, lint, types, dead code and import boundaries only',
    run: (args) => runScript('tests/check.ts', args),
  },
  book: {
    usage: 'book [--port N] [--build]',
    about: 'read the book in a browser, or build it as a web site',
    run: book,
  },
  vm: {
    usage: 'vm COMMAND',
    about: 'the provided machine (cgroup v2, systemd): up, ssh, run, test, down, status',
    async run(args) {
      const { runVm } = await import('./vm/command.ts');
      return runVm(args);
    },
  },
  doctor: {
    usage: 'doctor [--repair] [--json]',
    about: 'say what this machine has, what it lacks, and what crashed runs left on it',
    run: doctor,
  },
  help: {
    usage: 'help',
    about: 'print this text',
    run: () => {
      process.stdout.write(helpText());
      return Promise.resolve(0);
    },
  },
};

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...args] = argv;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    if (name === '--help' || name === '-h') return main(['help']);
    process.stderr.write(
      `workbook: there is no command '${name}'. Commands: ${Object.keys(commands).join(', ')}. ` +
        `'./workbook help' says what each does.\n`,
    );
    return 2;
  }
  if (name !== 'vm' && ['--help', '-h'].includes(args[0] ?? '')) {
    process.stdout.write(commandHelp(command));
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    process.stderr.write(`workbook: ${error instanceof Error ? error.message : String(error)}\n`);
    return isUsageError(error) ? 2 : 1;
  }
}

/** Ours, or that of Node's parseArgs. */
function isUsageError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return error.name === 'UsageError' || code.startsWith('ERR_PARSE_ARGS');
}

function commandHelp({ usage, about, help }: Command): string {
  const more = help === undefined ? '' : `\n${help}\n`;
  return `Usage: ./workbook ${usage}\n\n${about[0]?.toUpperCase() ?? ''}${about.slice(1)}.\n${more}`;
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
  const rows = Object.values(commands).map((c) => `  ${c.usage.padEnd(28)}${c.about}\n`);
  return (
    'Coracle: build a container engine by hand, one layer a chapter.\n\n' +
    `Usage: ./workbook COMMAND\n\n${rows.join('')}\n` +
    'Most of it needs root; without root each command says what it left out.\n'
  );
}
