// Closing a box. Order matters: the runtime's own delete first, then what it left: processes (frozen
// ones are thawed, or they could not die), mounts below the box, cgroups, and last the files. Files
// go last and only when nothing is mounted there any more, so that no removal reaches through a mount.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Box } from './box.ts';
import { waitUntil } from './observe.ts';

/** Removes everything the case made. Never throws for what is already gone. */
export async function closeBox(box: Box): Promise<void> {
  for (const id of containersLeft(box)) {
    await box.call('delete', '--force', id).catch(() => undefined);
  }
  for (const undo of box.undo.toReversed()) await undo();
  await removeCgroups(box.cgroup);
  unmountBelow(box.dir);
  rmSync(box.dir, { recursive: true, force: true });
}

/** Removes the folder that held all the cases' cgroups. */
export async function closeSuite(): Promise<void> {
  await removeCgroups(`/conformance-${process.pid}`);
}

function containersLeft(box: Box): string[] {
  return readdirSync(box.root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}

async function removeCgroups(path: string): Promise<void> {
  for (const hierarchy of hierarchies()) {
    const folder = `${hierarchy}${path}`;
    if (!existsSync(folder)) continue;
    killAll(folder);
    await waitUntil(() => removeTree(folder), 2000);
  }
}

function hierarchies(): string[] {
  const base = '/sys/fs/cgroup';
  return existsSync(`${base}/cgroup.controllers`)
    ? [base]
    : readdirSync(base, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${base}/${entry.name}`);
}

function killAll(folder: string): void {
  for (const child of folders(folder)) killAll(child);
  const freezer = `${folder}/freezer.state`;
  if (existsSync(freezer)) writeFileSync(freezer, 'THAWED');
  for (const pid of readFileSync(`${folder}/cgroup.procs`, 'utf8').split('\n')) {
    if (pid === '' || pid === '0') continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It exited between the two lines.
    }
  }
}

function removeTree(folder: string): boolean {
  try {
    for (const child of folders(folder)) removeTree(child);
    rmdirSync(folder);
  } catch {
    return !existsSync(folder);
  }
  return true;
}

function folders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${folder}/${entry.name}`);
}

function unmountBelow(dir: string): void {
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith(`${dir}/`));
  for (const point of points.toReversed()) execFileSync('umount', ['--lazy', point]);
}
