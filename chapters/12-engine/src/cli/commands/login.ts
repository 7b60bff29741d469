import { text as readText } from 'node:stream/consumers';
import { createInterface } from 'node:readline/promises';
import { parseReference } from 'coracle/registry';
import { text, texts, UsageError, type Command, type Options } from '../command.ts';

export const login: Command = {
  summary: 'keep a name and password for a registry, where docker keeps them',
  usage: '[SERVER] [OPTION ...]',
  help: [
    ['-u, --username NAME', 'who'],
    ['-p, --password PASSWORD', 'other users of this machine can see it: better use the next one'],
    ['--password-stdin', 'read it from stdin'],
    ['--insecure HOST', 'ask this host in the clear too'],
  ],
  options: {
    username: { type: 'string', short: 'u' },
    password: { type: 'string', short: 'p' },
    'password-stdin': { type: 'boolean' },
    insecure: { type: 'string', multiple: true },
  },
  args: { min: 0, max: 1 },
  async run({ engine, args, options, signal }) {
    const domain = domainOf(args[0]);
    const username = text(options, 'username') ?? (await ask('Username: '));
    const password = await passwordFrom(options);
    using registry = engine.registry(texts(options, 'insecure'));
    // Only what the registry takes is kept.
    await registry.ping(domain, { credentials: { username, password }, signal });
    await engine.keychain.store(domain, { username, password }, signal);
    process.stdout.write('Login Succeeded\n');
  },
};

/** `https://HOST/` as well as `HOST`; Docker Hub without one. */
export function domainOf(server: string | undefined): string {
  if (server === undefined) return 'docker.io';
  const host = server.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return parseReference(`${host}/x`).domain;
}

async function passwordFrom(options: Options): Promise<string> {
  if (options['password-stdin'] === true)
    return (await readText(process.stdin)).replace(/\r?\n$/, '');
  const given = text(options, 'password');
  if (given !== undefined) return given;
  throw new UsageError('give the password by --password-stdin');
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError('give the name by --username');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
