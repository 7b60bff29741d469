import { once } from 'node:events';
import path from 'node:path';
import { folderNames, serveRegistry } from 'coracle/registry';
import { text, UsageError, type Command, type Options } from '../command.ts';

export const registry: Command = {
  summary: 'serve a registry, for a class without a network',
  usage: 'serve [OPTION ...]',
  help: [
    ['--host ADDRESS', 'where to listen; default 127.0.0.1'],
    ['--port N', 'default 5000'],
  ],
  options: { host: { type: 'string' }, port: { type: 'string' } },
  args: { min: 1, max: 1 },
  async run({ engine, args, options, signal }) {
    if (args[0] !== 'serve') throw new UsageError('it is: coracle registry serve');
    const { content } = engine;
    const lease =
      content.leases.list().find(({ id }) => id === LEASE) ?? content.leases.create({ id: LEASE });
    await using server = await serveRegistry({
      content,
      names: folderNames(path.join(engine.root, 'registry')),
      host: text(options, 'host') ?? '127.0.0.1',
      port: portOf(options),
      lease: lease.id,
      onError: (error) => process.stderr.write(`coracle: ${String(error)}\n`),
    });
    process.stdout.write(`serving ${server.host}\n`);
    await once(signal, 'abort');
  },
};

/** Keeps what was pushed, whatever is collected. */
const LEASE = 'registry';

function portOf(options: Options): number {
  const port = Number(text(options, 'port') ?? 5000);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError('--port needs a number from 0 to 65535');
}
