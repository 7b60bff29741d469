/** `./workbook book`: serves the book, or builds it as files. */
import { parseArgs } from 'node:util';
import type { Command } from './learn/commands.ts';
import { UsageError } from './learn/usage-error.ts';
import { runScript } from './run-script.ts';

export const book: Command = {
  usage: 'book [--port N] [--build]',
  run(args) {
    const boolean = { type: 'boolean', default: false } as const;
    const options = { build: boolean, port: { type: 'string' } } as const;
    const { build, port } = parseArgs({ args: [...args], options }).values;
    if (build) return runScript('book/build.ts', []);
    if (port === undefined) return runScript('book/serve.ts', []);
    if (!isPort(port)) throw new UsageError(`'${port}' is no port: a number from 1 to 65535`);
    return runScript('book/serve.ts', ['--port', port]);
  },
};

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
