/**
 * The same commands by Vagrant, where that is installed: on hosts without Linux, and for people
 * who have their machines there already. It says what it does itself.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { find } from '../packages.ts';
import { paths } from './paths.ts';
import { quote } from './ssh.ts';

/** Whether there is a `vagrant` on the PATH. */
export function hasVagrant(): boolean {
  return find('vagrant') !== undefined;
}

export const vagrantUp = (): Promise<number> => vagrant('up');
export const vagrantSsh = (): Promise<number> => vagrant('ssh');
export const vagrantStatus = (): Promise<number> => vagrant('status');

/** Halts the machine; `remove` takes it away, with all that was done inside. */
export function vagrantDown(options: { readonly remove: boolean }): Promise<number> {
  return options.remove ? vagrant('destroy', '--force') : vagrant('halt');
}

/** Runs a command as the user vagrant, in the repository. */
export function vagrantRun(words: readonly string[]): Promise<number> {
  return vagrant('ssh', '-c', `cd /coracle && ${words.map(quote).join(' ')}`);
}

/** Tests as root inside the machine of the Vagrantfile, and halts it unless it ran before. */
export async function vagrantTest(suites: string, json: string | undefined): Promise<number> {
  const ran = await isRunning();
  if (!ran && (await vagrant('up')) !== 0) return 1;
  const report = '/tmp/coracle-report.json';
  const code = await vagrant(
    'ssh',
    '-c',
    `cd /coracle && sudo CI=true ./workbook test --only ${quote(suites)} --json ${report}`,
  );
  const { stdout } = await execa('vagrant', ['ssh', '-c', `cat ${report}`], {
    cwd: paths.vagrant,
    reject: false,
  });
  mkdirSync(paths.reports, { recursive: true });
  writeFileSync(json ?? path.join(paths.reports, 'vagrant.json'), stdout);
  if (!ran) await vagrant('halt');
  return code;
}

async function isRunning(): Promise<boolean> {
  if (!existsSync(path.join(paths.vagrant, '.vagrant'))) return false;
  const { stdout } = await execa('vagrant', ['status', '--machine-readable'], {
    cwd: paths.vagrant,
    reject: false,
  });
  return /,state,running$/m.test(stdout);
}

async function vagrant(...args: string[]): Promise<number> {
  const { exitCode } = await execa('vagrant', args, {
    cwd: paths.vagrant,
    stdio: 'inherit',
    reject: false,
  });
  return exitCode ?? 1;
}
