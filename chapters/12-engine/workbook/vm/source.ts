/**
 * The repository as a tar archive that a machine gets as a read-only disk: what git tracks and what
 * it would track, as it is in the working tree. The machine's node_modules are its own.
 */
import { existsSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { repository } from '../run-script.ts';

const notSource = ['node_modules', '.tools', '.vm', 'dist', '.git'];

/** Writes the archive; its size is a whole number of sectors, as a disk's is. */
export async function packSource(file: string): Promise<void> {
  await (existsSync(path.join(repository, '.git')) ? packTracked(file) : packAll(file));
  truncateSync(file, Math.ceil(statSync(file).size / 512) * 512);
}

/** A file that is deleted and not yet committed is on git's list, and not in the tree. */
async function packTracked(file: string): Promise<void> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await execa('git', list, { cwd: repository });
  const files = stdout.split('\0').filter((name) => existsSync(path.join(repository, name)));
  const args = ['--null', '--no-recursion', '--files-from', '-', '--owner=0', '--group=0'];
  await execa('tar', [...args, '-cf', file], { cwd: repository, input: files.join('\0') });
}

async function packAll(file: string): Promise<void> {
  const excludes = notSource.map((name) => `--exclude=${name}`);
  await execa('tar', [...excludes, '--owner=0', '--group=0', '-cf', file, '.'], {
    cwd: repository,
  });
}
