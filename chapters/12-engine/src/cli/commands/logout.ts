import type { Command } from '../command.ts';
import { domainOf } from './login.ts';

export const logout: Command = {
  summary: 'forget the name and password for a registry',
  usage: '[SERVER]',
  help: [],
  options: {},
  args: { min: 0, max: 1 },
  async run({ engine, args, signal }) {
    const domain = domainOf(args[0]);
    const found = await engine.keychain.erase(domain, signal);
    process.stdout.write(
      found ? `Removed the login for ${domain}\n` : `Not logged in to ${domain}\n`,
    );
  },
};
