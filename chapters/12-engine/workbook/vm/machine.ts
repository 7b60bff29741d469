/**
 * The machine of `vm up`: one a repository, with a disk that stays until `vm down --remove`.
 *
 * Its folder holds the disk, the console's output, and state.json, which is there while it runs.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chooseAccelerator } from './accelerator.ts';
import { freePort, isAlive, powerOff, startMachine, waitUntilUp, type Machine } from './boot.ts';
import { VmError } from './errors.ts';
import { chooseKernel, ensureImage, openImage } from './image.ts';
import { hostArchitecture, size, type MachineRequest } from './options.ts';
import { paths } from './paths.ts';
import { output } from './run.ts';
import { startShare } from './share.ts';
import { publicKey } from './ssh.ts';

const files = {
  disk: path.join(paths.machine, 'disk.qcow2'),
  /** The path of the image that the disk is based on. */
  image: path.join(paths.machine, 'image'),
  state: path.join(paths.machine, 'state.json'),
  console: path.join(paths.machine, 'console.log'),
  share: path.join(paths.machine, 'share.sock'),
};

/** The machine, if it runs. A state that a crash of the host left behind is removed. */
export function findMachine(): Machine | undefined {
  if (!existsSync(files.state)) return undefined;
  const machine = JSON.parse(readFileSync(files.state, 'utf8')) as Machine;
  if (isAlive(machine.pid) && commandLine(machine.pid).includes(files.disk)) return machine;
  rmSync(files.state);
  return undefined;
}

/** Boots the machine, unless it runs. Errors: those of the image, of qemu and of the boot. */
export async function up(request: MachineRequest): Promise<Machine> {
  const running = findMachine();
  if (running !== undefined) return running;
  mkdirSync(paths.machine, { recursive: true });
  const image = await (existsSync(files.disk) ? imageOfDisk() : newDisk());
  rmSync(files.share, { force: true });
  await startShare(files.share);
  const machine = await startMachine({
    arch: hostArchitecture(),
    accelerator: request.accelerator ?? chooseAccelerator().accelerator,
    ...size(),
    kernel: chooseKernel(image, request.kernel),
    disk: { file: files.disk, format: 'qcow2', throwaway: false },
    shareSocket: files.share,
    sshPort: await freePort(),
    publicKey: await publicKey(),
    console: files.console,
  });
  writeFileSync(files.state, JSON.stringify(machine));
  await waitUntilUp(machine);
  return machine;
}

/** Shuts the machine down; `remove` also takes its disk, and with it all that was done inside. */
export async function down(options: { readonly remove: boolean }): Promise<boolean> {
  const machine = findMachine();
  if (machine !== undefined) await powerOff(machine);
  rmSync(files.state, { force: true });
  rmSync(files.share, { force: true });
  if (options.remove) rmSync(paths.machine, { recursive: true, force: true });
  return machine !== undefined;
}

/** Whether there is a disk from an earlier `up`. */
export function hasDisk(): boolean {
  return existsSync(files.disk);
}

async function newDisk(): Promise<ReturnType<typeof openImage>> {
  const image = await ensureImage();
  await output('qemu-img', [
    'create',
    '-q',
    '-f',
    'qcow2',
    '-F',
    'raw',
    '-b',
    image.disk,
    files.disk,
  ]);
  writeFileSync(files.image, image.folder);
  return image;
}

function imageOfDisk(): ReturnType<typeof openImage> {
  const folder = readFileSync(files.image, 'utf8').trim();
  if (existsSync(folder)) return openImage(folder);
  throw new VmError(
    'VM_IMAGE',
    `the image that the machine's disk is based on is gone (${folder}); begin anew: ./workbook vm down --remove`,
  );
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
