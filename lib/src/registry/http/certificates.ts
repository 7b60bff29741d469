/**
 * Docker's folder of certificates: `/etc/docker/certs.d/HOST[:PORT]/` has `*.crt`, of whom to trust
 * besides everybody else, and `NAME.cert` with `NAME.key`, by which to identify oneself.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { messageOf } from '../../base/index.ts';
import { RegistryError } from '../errors.ts';

export const CERTIFICATES_DIRECTORY = '/etc/docker/certs.d';

/** Of hosts without a folder: the list of whom to trust is long. */
let common: SecureContext | undefined;

/** Whether there is anything about this host. */
export function hasCertificates(host: string, directory: string): boolean {
  return existsSync(path.join(directory, host));
}

/** @throws RegistryError BAD_CONFIG for a file that is missing or is no certificate. */
export function secureContext(host: string, directory: string): SecureContext {
  const folder = path.join(directory, host);
  const files = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  if (files.length === 0) return (common ??= createSecureContext({ ca: trusted() }));
  const clients = files.filter((name) => name.endsWith('.cert'));
  const keys = clients.map((name) => name.replace(/cert$/, 'key'));
  const missing = keys.find((name) => !files.includes(name));
  if (missing !== undefined) {
    throw new RegistryError('BAD_CONFIG', `${folder} has a .cert without its ${missing}: add it`);
  }
  try {
    return createSecureContext({
      ca: [...trusted(), ...files.filter((name) => name.endsWith('.crt')).map(read)],
      ...(clients.length > 0 && { cert: clients.map(read), key: keys.map(read) }),
    });
  } catch (error) {
    const message = `the certificates in ${folder} cannot be used: ${messageOf(error)}`;
    throw new RegistryError('BAD_CONFIG', message, { cause: error });
  }
}

/** Whom this machine and this Node trust anyway. */
function trusted(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
