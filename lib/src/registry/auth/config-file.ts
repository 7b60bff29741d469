/**
 * Docker's `config.json`. What is not about credentials is carried along as it is.
 *
 * A change is a whole new file beside the old one, for the owner's eyes only, on disk before it takes
 * the name (rename(2)): a crash leaves the old one or the new one. A symlink stays one.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { messageOf } from '../../base/index.ts';
import { hasCode } from '../../sys/index.ts';
import { RegistryError } from '../errors.ts';

/** What is known about one registry; see docker's cli/config/types/authconfig.go. */
export interface AuthEntry {
  /** `NAME:PASSWORD` in base64. */
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

export interface DockerConfig {
  readonly auths?: Readonly<Record<string, AuthEntry>>;
  /** The helper for all registries. */
  readonly credsStore?: string;
  /** Helpers by registry. */
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly [other: string]: unknown;
}

/** @returns an empty config if there is no file. @throws RegistryError BAD_CONFIG. */
export function readConfig(file: string): DockerConfig {
  try {
    const config: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { auths, credsStore, credHelpers } = objectOf(config, 'it');
    for (const entry of Object.values(objectOf(auths ?? {}, 'auths'))) {
      stringsOf(objectOf(entry, 'an entry of auths'));
    }
    stringsOf({ credsStore, ...objectOf(credHelpers ?? {}, 'credHelpers') });
    return config as DockerConfig;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return {};
    const message = `${file} cannot be used: ${messageOf(error)}. Repair or remove it`;
    throw new RegistryError('BAD_CONFIG', message, { cause: error });
  }
}

/** @throws what the file system refuses; then the old file is as it was. */
export function writeConfig(file: string, config: DockerConfig): void {
  const target = targetOf(file);
  mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
  const temporary = `${target}.${randomUUID()}`;
  const fd = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(fd, `${JSON.stringify(config, null, '\t')}\n`);
    fsyncSync(fd);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

function targetOf(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return path.resolve(file);
    throw error;
  }
}

function objectOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new TypeError(`${name} is no JSON object`);
}

function stringsOf(values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    const known = ['auth', 'username', 'password', 'identitytoken', 'credsStore'].includes(name);
    if (value === undefined || typeof value === 'string' || value === null) continue;
    if (known) throw new TypeError(`${name} is no text`);
  }
}
