/**
 * Programs that keep credentials: `docker-credential-NAME get|store|erase`, which talk JSON over
 * their standard input and output (docker/docker-credential-helpers).
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { messageOf } from '../../base/index.ts';
import { RegistryError, shown } from '../errors.ts';
import type { Credentials } from './types.ts';

/** How helpers say that the secret is an identity token. */
const TOKEN_USER = '<token>';
/** An answer has one secret. */
const MAX_ANSWER = 64 << 10;
/** Milliseconds; somebody may have to type a password. */
const PATIENCE = 120_000;

export interface HelperOptions {
  /** With PATH, in which helpers are found; also what they are given. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** @returns nothing if it has none. @throws RegistryError BAD_CONFIG. */
export async function helperGet(
  helper: string,
  server: string,
  options: HelperOptions,
): Promise<Credentials | undefined> {
  const { code, output } = await run(helper, 'get', server, options);
  if (code !== 0) {
    if (output.includes('credentials not found')) return undefined;
    throw failed(helper, 'get', output);
  }
  const { Username: username, Secret: secret } = parseAnswer(helper, output);
  if (typeof username !== 'string' || typeof secret !== 'string') {
    throw failed(helper, 'get', 'it answered without Username and Secret');
  }
  if (username === '' && secret === '') return undefined;
  return username === TOKEN_USER ? { identityToken: secret } : { username, password: secret };
}

/** @throws RegistryError BAD_CONFIG. */
export async function helperStore(
  helper: string,
  server: string,
  credentials: Credentials,
  options: HelperOptions,
): Promise<void> {
  const isToken = 'identityToken' in credentials;
  const input = JSON.stringify({
    ServerURL: server,
    Username: isToken ? TOKEN_USER : credentials.username,
    Secret: isToken ? credentials.identityToken : credentials.password,
  });
  const { code, output } = await run(helper, 'store', input, options);
  if (code !== 0) throw failed(helper, 'store', output);
}

/** Whether it had any. @throws RegistryError BAD_CONFIG. */
export async function helperErase(
  helper: string,
  server: string,
  options: HelperOptions,
): Promise<boolean> {
  const { code, output } = await run(helper, 'erase', server, options);
  if (code !== 0 && !output.includes('credentials not found')) {
    throw failed(helper, 'erase', output);
  }
  return code === 0;
}

async function run(
  helper: string,
  action: string,
  input: string,
  { environment, signal }: HelperOptions,
): Promise<{ code: number | null; output: string }> {
  // The name comes from a file; it must not lead to another folder.
  if (!/^[\w.-]+$/.test(helper)) throw failed(helper, action, 'that is no name of a helper');
  signal?.throwIfAborted();
  const patience = AbortSignal.timeout(PATIENCE);
  const child = spawn(`docker-credential-${helper}`, [action], {
    env: environment,
    stdio: ['pipe', 'pipe', 'ignore'],
    signal: signal ? AbortSignal.any([signal, patience]) : patience,
    killSignal: 'SIGKILL',
  });
  const ended = Promise.withResolvers<number | null>();
  child.once('error', ended.reject);
  child.once('close', ended.resolve);
  // One that ends without reading is judged by how it ends.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_ANSWER) child.kill('SIGKILL');
  });
  try {
    const [code, output] = await Promise.all([ended.promise, text(child.stdout)]);
    return { code, output };
  } catch (error) {
    signal?.throwIfAborted();
    throw failed(helper, action, messageOf(error), error);
  }
}

function parseAnswer(helper: string, output: string): Record<string, unknown> {
  try {
    return (JSON.parse(output) ?? {}) as Record<string, unknown>;
  } catch (error) {
    // Never the output itself: it may hold the secret.
    throw failed(helper, 'get', 'it answered no JSON', error);
  }
}

function failed(helper: string, action: string, why: string, cause?: unknown): RegistryError {
  return new RegistryError(
    'BAD_CONFIG',
    `docker-credential-${helper.slice(0, 50)} ${action} failed: ${shown(why.trim())}. Repair the helper, or take it ` +
      "out of docker's config.json",
    { cause },
  );
}
