/**
 * Logging in to our own machines: with a key made for it, on loopback only, and with no file of
 * the user's ssh read or written. Each boot of a throwaway machine has a new host key, so that
 * there is nothing to compare it with.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { execa, type Options } from 'execa';
import { paths } from './paths.ts';
import { output } from './run.ts';

/** Who logs in: root for tests, vagrant for people. */
export type Login = 'root' | 'vagrant';

/** The public key, as authorized_keys(5) has it; made at the first call. */
export async function publicKey(): Promise<string> {
  if (!existsSync(paths.key)) {
    mkdirSync(paths.home, { recursive: true });
    await output('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'coracle', '-f', paths.key]);
  }
  return readFileSync(`${paths.key}.pub`, 'utf8').trim();
}

/** The arguments of ssh(1) before the command. */
export function sshArguments(port: number, login: Login, terminal = false): string[] {
  const options = {
    BatchMode: 'yes',
    ConnectTimeout: '5',
    IdentitiesOnly: 'yes',
    LogLevel: 'ERROR',
    ServerAliveCountMax: '20',
    ServerAliveInterval: '15',
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const tty = terminal ? ['-t'] : ['-T'];
  return [
    '-F',
    '/dev/null',
    '-i',
    paths.key,
    '-p',
    `${port}`,
    ...flags,
    ...tty,
    `${login}@127.0.0.1`,
  ];
}

/**
 * Runs a shell command in the machine; its output is ours unless `options` says otherwise.
 * @returns the command's exit code; 255 is ssh's own.
 */
export async function runInside(
  port: number,
  login: Login,
  command: string,
  options: Options = {},
): Promise<number> {
  const { exitCode } = await execa('ssh', [...sshArguments(port, login), command], {
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    ...options,
    reject: false,
  });
  return exitCode ?? 255;
}

/** Quotes one word for a POSIX shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
