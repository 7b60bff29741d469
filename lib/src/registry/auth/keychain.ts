/**
 * Credentials where docker has them: a helper for this registry, else the helper for all, else the
 * `auths` of config.json.
 */
import { homedir } from 'node:os';
import path from 'node:path';
import { DEFAULT_DOMAIN } from '../reference.ts';
import { readConfig, writeConfig, type AuthEntry, type DockerConfig } from './config-file.ts';
import { helperErase, helperGet, helperStore, type HelperOptions } from './helper.ts';
import type { Credentials } from './types.ts';

/** Who asks which registry. */
export interface Keychain {
  /** @throws RegistryError BAD_CONFIG. */
  get(domain: string, signal?: AbortSignal): Promise<Credentials | undefined>;
  /** What `docker login` does once the registry has taken them. */
  store(domain: string, credentials: Credentials, signal?: AbortSignal): Promise<void>;
  /** What `docker logout` does. Whether there were any. */
  erase(domain: string, signal?: AbortSignal): Promise<boolean>;
}

/** Where docker keeps its config. */
export interface KeychainOptions {
  /** Default `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`. */
  readonly file?: string;
  /** Default that of this process; helpers are found by its PATH. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Docker Hub's entry has had this name since its first API. */
const DEFAULT_SERVER = 'https://index.docker.io/v1/';

/** Opens docker's own config; it is read anew each time, since docker changes it too. */
export function dockerKeychain({
  environment = process.env,
  file = path.join(environment['DOCKER_CONFIG'] ?? path.join(homedir(), '.docker'), 'config.json'),
}: KeychainOptions = {}): Keychain {
  const options = (signal?: AbortSignal): HelperOptions => ({ environment, signal });
  return {
    async get(domain, signal) {
      const config = readConfig(file);
      const helper = helperFor(config, domain);
      if (helper !== undefined) {
        const found = await helperGet(helper, serverOf(domain), options(signal));
        if (found !== undefined) return found;
      }
      const key = keysOf(config, domain)[0];
      return key === undefined ? undefined : credentialsOf(config.auths?.[key] ?? {});
    },
    async store(domain, credentials, signal) {
      const config = readConfig(file);
      const helper = helperFor(config, domain);
      if (helper !== undefined) {
        await helperStore(helper, serverOf(domain), credentials, options(signal));
      }
      // An empty entry says that a helper has it.
      const entry = helper === undefined ? entryOf(credentials) : {};
      const auths = { ...without(config, domain), [serverOf(domain)]: entry };
      writeConfig(file, { ...config, auths });
    },
    async erase(domain, signal) {
      const config = readConfig(file);
      const helper = helperFor(config, domain);
      const erased =
        helper !== undefined && (await helperErase(helper, serverOf(domain), options(signal)));
      if (keysOf(config, domain).length === 0) return erased;
      writeConfig(file, { ...config, auths: without(config, domain) });
      return true;
    },
  };
}

function helperFor(
  { credHelpers = {}, credsStore }: DockerConfig,
  domain: string,
): string | undefined {
  const own = [domain, serverOf(domain)].find((name) => Object.hasOwn(credHelpers, name));
  const helper = own === undefined ? credsStore : credHelpers[own];
  return helper === '' ? undefined : helper;
}

function serverOf(domain: string): string {
  return domain === DEFAULT_DOMAIN ? DEFAULT_SERVER : domain;
}

/** The exact key first, then those that older dockers wrote as an address. */
function keysOf({ auths = {} }: DockerConfig, domain: string): string[] {
  const server = serverOf(domain);
  const others = Object.keys(auths).filter(
    (key) => key !== server && hostOf(key) === hostOf(server),
  );
  return Object.hasOwn(auths, server) ? [server, ...others] : others;
}

function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/s, '');
}

function without(config: DockerConfig, domain: string): Record<string, AuthEntry> {
  const keys = keysOf(config, domain);
  return Object.fromEntries(
    Object.entries(config.auths ?? {}).filter(([key]) => !keys.includes(key)),
  );
}

function credentialsOf({
  auth,
  username,
  password,
  identitytoken,
}: AuthEntry): Credentials | undefined {
  if (identitytoken !== undefined && identitytoken !== '') return { identityToken: identitytoken };
  const pair = Buffer.from(auth ?? '', 'base64').toString();
  const colon = pair.indexOf(':');
  // Docker once padded what it decoded with NULs.
  if (colon > 0)
    return { username: pair.slice(0, colon), password: pair.slice(colon + 1).replace(/\0+$/, '') };
  if (username === undefined || password === undefined) return undefined;
  return { username, password };
}

function entryOf(credentials: Credentials): AuthEntry {
  if ('identityToken' in credentials) return { identitytoken: credentials.identityToken };
  const { username, password } = credentials;
  return { auth: Buffer.from(`${username}:${password}`).toString('base64') };
}
