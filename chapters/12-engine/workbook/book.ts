/** `./workbook book`: serves the book, or builds it as files. */
import { parseArgs } from 'node:util';
import { runScript } from './run-script.ts';

const help = `The book: the chapters, their exercises, and the API reference, as a web site.

Usage: ./workbook book [--port N] [--build]

  --port N   serve it on this port of 127.0.0.1; 5173 otherwise, or the next that is free
  --build    serve nothing: make the site in book/dist, for any web server, also without a network

What is served follows the files: save a README or an exercise, and the page shows it.
`;

/** Runs the command, from the word after `book` on. Returns the exit code. */
export function book(args: readonly string[]): Promise<number> {
  const flags = readFlags(args);
  if (flags === undefined) return Promise.resolve(2);
  if (flags.help) {
    process.stdout.write(help);
    return Promise.resolve(0);
  }
  if (flags.build) return runScript('book/build.ts', []);
  return runScript('book/serve.ts', flags.port === undefined ? [] : ['--port', flags.port]);
}

interface Flags {
  readonly help: boolean;
  readonly build: boolean;
  readonly port?: string;
}

function readFlags(args: readonly string[]): Flags | undefined {
  try {
    const boolean = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({
      args: [...args],
      options: { help: { ...boolean, short: 'h' }, build: boolean, port: { type: 'string' } },
    });
    if (values.port !== undefined && !isPort(values.port)) {
      throw new Error(`'${values.port}' is no port: it is a number from 1 to 65535`);
    }
    return values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`book: ${message}. './workbook book --help' says more.\n`);
    return undefined;
  }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
