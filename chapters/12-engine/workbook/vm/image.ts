/**
 * The image that our machines start from, built once and again whenever something that it is made
 * of has changed. Its folder's name is the hash of all that: two checkouts that agree share it.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../run-script.ts';
import { VmError } from './errors.ts';
import { paths } from './paths.ts';
import { runLoudly } from './run.ts';

/** A built image: a folder with disk.img, and kernels to boot it with. */
export interface Image {
  readonly folder: string;
  readonly disk: string;
  readonly kernels: readonly Kernel[];
}

/** One of the image's kernels; `release` is what uname(1) will say. */
export interface Kernel {
  readonly release: string;
  readonly kernel: string;
  readonly initrd: string;
}

const ingredients = [
  'vagrant/provision.sh',
  'vagrant/packages.txt',
  'vagrant/image/**/*',
  'package.json',
  'lib/package.json',
  'chapters/*/package.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'workbook',
];

/**
 * The image that CORACLE_VM_IMAGE names (a class hands one round), or else that of this checkout,
 * built first if there is none. Errors: VM_IMAGE.
 */
export async function ensureImage(): Promise<Image> {
  const given = process.env['CORACLE_VM_IMAGE'];
  if (given !== undefined && given !== '') return openImage(given);
  const folder = path.join(paths.images, imageKey());
  if (!existsSync(folder)) await build(folder);
  return openImage(folder);
}

/** The image of this checkout, unless it has not been built yet. */
export function findImage(): Image | undefined {
  const folder = process.env['CORACLE_VM_IMAGE'] ?? path.join(paths.images, imageKey());
  return existsSync(folder) ? openImage(folder) : undefined;
}

/** The kernel whose release begins with `wanted`, or the first. Errors: VM_KERNEL. */
export function chooseKernel(image: Image, wanted: string | undefined): Kernel {
  const found = image.kernels.find(
    ({ release }) => wanted === undefined || hasVersion(release, wanted),
  );
  if (found !== undefined) return found;
  const releases = image.kernels.map(({ release }) => release).join(' and ');
  throw new VmError('VM_KERNEL', `the image has no kernel ${String(wanted)}; it has ${releases}`);
}

/** 6.1 is the beginning of 6.1.0-56, and not of 6.12.95. */
function hasVersion(release: string, version: string): boolean {
  return release.startsWith(version) && /^([.-]|$)/.test(release.slice(version.length));
}

async function build(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new VmError(
      'VM_IMAGE',
      'there is no image yet, and only root can build one; run once: sudo ./workbook vm build',
    );
  }
  process.stderr.write('vm: building the image (some minutes, once) ...\n');
  const code = await runLoudly(paths.builder, [folder]);
  if (code !== 0) {
    throw new VmError(
      'VM_IMAGE',
      `vagrant/image/build.sh failed with exit code ${code}; see above`,
    );
  }
  removeOthers(folder);
}

/** An image is gigabytes; one that a machine's disk is still based on stays. */
function removeOthers(folder: string): void {
  const machine = path.join(paths.machine, 'image');
  const used = existsSync(machine) ? readFileSync(machine, 'utf8').trim() : '';
  for (const name of readdirSync(paths.images)) {
    const other = path.join(paths.images, name);
    if (other !== folder && other !== used) rmSync(other, { recursive: true });
  }
}

/** Opens an image that has been built. Errors: VM_IMAGE when that is none. */
export function openImage(folder: string): Image {
  if (!existsSync(path.join(folder, 'disk.img'))) {
    throw new VmError('VM_IMAGE', `${folder} holds no image: disk.img is missing there`);
  }
  const numbers = readdirSync(folder)
    .map((name) => /^kernel-(\d+)$/.exec(name)?.[1])
    .filter((number) => number !== undefined)
    .toSorted();
  const kernels = numbers.map((number) => ({
    release: readFileSync(path.join(folder, `kernel-${number}`), 'utf8').trim(),
    kernel: path.join(folder, `vmlinuz-${number}`),
    initrd: path.join(folder, `initrd-${number}`),
  }));
  return { folder, disk: path.join(folder, 'disk.img'), kernels };
}

/** The names and contents of everything that goes into an image. */
export function imageKey(): string {
  const hash = createHash('sha256').update(process.arch);
  for (const file of globSync(ingredients, { cwd: repository }).toSorted()) {
    const absolute = path.join(repository, file);
    if (!statSync(absolute).isFile()) continue;
    hash.update(`\0${file}\0`).update(readFileSync(absolute));
  }
  return hash.digest('hex').slice(0, 16);
}
