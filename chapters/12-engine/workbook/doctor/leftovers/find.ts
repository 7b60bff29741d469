/**
 * What runs that crashed have left on this machine, in the order in which it can be taken away:
 * containers, mounts (the innermost first), network namespaces, links, cgroups, folders.
 *
 * Only what bears a name of Coracle's is looked at. Nothing is changed here.
 */
import { lstatSync, rmdirSync, rmSync, statSync, type Stats } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { releaseNamespace } from 'coracle/namespaces';
import { unmount } from 'coracle/overlayfs';
import { cgroupFolders, cgroupMembers } from '../../machine/cgroups.ts';
import { entries } from '../../machine/folders.ts';
import { readMounts } from '../../machine/mounts.ts';
import { commandOf } from '../../machine/processes.ts';
import { findContainers } from './containers.ts';
import type { IsMine, Leftover } from './leftover.ts';
import { lookAtProcesses, type Living } from './living.ts';
import { isCoracles, isTemporary, temporaryFolderOf, temporaryRoots } from './names.ts';

/** Where to look, when not everywhere. */
export interface FindOptions {
  /** Looks only at names for which this is true. */
  readonly isMine?: IsMine;
  readonly living?: Living;
}

/** Looks once over the machine. What the caller may not see is not found. */
export function findLeftovers({
  isMine = () => true,
  living = lookAtProcesses(),
}: FindOptions = {}): Leftover[] {
  const { containers, pids } = findContainers(isMine);
  return [
    ...containers,
    ...findMounts(isMine, living),
    ...findNetworks(isMine, living),
    ...findLinks(isMine, living),
    ...findCgroups(isMine, living),
    ...findFolders(isMine, living),
    ...findProcesses(isMine, living, pids),
  ];
}

function findMounts(isMine: IsMine, living: Living): Leftover[] {
  const inside = readMounts().flatMap(({ point }) => {
    const folder = temporaryFolderOf(point);
    return folder !== undefined && isMine(path.basename(folder)) ? [{ point, folder }] : [];
  });
  return inside.toReversed().map(({ point, folder }) => ({
    kind: 'mount',
    name: point,
    ...keptFolder(living, folder),
    remove: () => void unmount(point),
  }));
}

function findFolders(isMine: IsMine, living: Living): Leftover[] {
  return temporaryRoots.flatMap((root) =>
    entries(root, 'folders')
      .filter((name) => isTemporary(name) && isMine(name))
      .map((name): Leftover => {
        const folder = path.join(root, name);
        return {
          kind: 'folder',
          name: folder,
          ...keptFolder(living, folder),
          remove: () => removeFolder(folder),
        };
      }),
  );
}

/** Deleting through a mount would delete what is mounted. */
function removeFolder(folder: string): void {
  const mounted = readMounts().find(
    ({ point }) => point === folder || point.startsWith(`${folder}/`),
  );
  if (mounted !== undefined) throw new Error(`${mounted.point} is still mounted in it`);
  rmSync(folder, { recursive: true });
}

const netnsFolder = '/run/netns';

function findNetworks(isMine: IsMine, living: Living): Leftover[] {
  return entries(netnsFolder)
    .filter((name) => isCoracles(name) && isMine(name))
    .map((name): Leftover => {
      const file = path.join(netnsFolder, name);
      const inhabited = living.hasNetwork(statsOf(file)?.ino ?? 0);
      const kept = inhabited ? { kept: 'processes live in it' } : keptBecause(living, file);
      return { kind: 'netns', name, ...kept, remove: () => removeNetwork(file) };
    });
}

function removeNetwork(file: string): void {
  if (readMounts().some(({ point }) => point === file)) releaseNamespace(file);
  rmSync(file);
}

function findLinks(isMine: IsMine, living: Living): Leftover[] {
  return entries('/sys/class/net')
    .filter((name) => isCoracles(name) && isMine(name))
    .map((name): Leftover => {
      const folder = `/sys/class/net/${name}`;
      const ports = entries(`${folder}/brif`);
      const kept =
        ports.length > 0 ? { kept: `${ports.join(', ')} hang on it` } : keptBecause(living, folder);
      return { kind: 'link', name, ...kept, remove: () => removeLink(name) };
    });
}

function removeLink(name: string): void {
  const { status, stderr, error } = spawnSync('ip', ['link', 'delete', name], { encoding: 'utf8' });
  if (status !== 0) throw new Error(error?.message ?? stderr.trim());
}

function findCgroups(isMine: IsMine, living: Living): Leftover[] {
  const all = cgroupFolders();
  return all
    .filter((folder) => isCoracles(path.basename(folder)) && isMine(path.basename(folder)))
    .map((folder): Leftover => {
      const tree = all.filter((each) => each === folder || each.startsWith(`${folder}/`));
      const members = tree.flatMap(cgroupMembers);
      const kept =
        members.length > 0
          ? { kept: `PID ${members.join(', ')} live in it` }
          : keptBecause(living, folder);
      return {
        kind: 'cgroup',
        name: folder,
        ...kept,
        remove: () => tree.toReversed().forEach(rmdirIfThere),
      };
    });
}

/** A child that bears the name too is a leftover of its own, and may have gone first. */
function rmdirIfThere(folder: string): void {
  if (statsOf(folder) !== undefined) rmdirSync(folder);
}

/** A process is never ended: that is for a person to decide, who knows what it is. */
function findProcesses(
  isMine: IsMine,
  { orphans }: Living,
  known: ReadonlySet<number>,
): Leftover[] {
  return orphans
    .filter(({ pid, name }) => isCoracles(name) && isMine(name) && !known.has(pid))
    .map(({ pid, name }) => ({
      kind: 'process',
      name: `PID ${pid} ${describe(pid, name)}`,
      kept: `alive; look at it, then: kill ${pid}`,
    }));
}

/** A zombie has no command line. */
function describe(pid: number, name: string): string {
  const command = commandOf(pid) ?? '';
  return command === '' ? name : command;
}

/** What keeps a temporary folder, and all that is in it. */
function keptFolder(living: Living, folder: string): { kept?: string } {
  const user = living.userOf(path.basename(folder));
  return user === undefined ? keptBecause(living, folder) : { kept: `${user} uses it` };
}

/** What keeps anything: a run that is at work and may own it. */
function keptBecause(living: Living, place: string): { kept?: string } {
  const stats = statsOf(place);
  const owner = stats === undefined ? undefined : living.ownerOf(stats);
  return owner === undefined ? {} : { kept: `it may be that of ${owner}, which is at work` };
}

function statsOf(file: string): Stats | undefined {
  try {
    // A network namespace is a mount on its file: what is mounted there answers.
    return file.startsWith(netnsFolder) ? statSync(file) : lstatSync(file);
  } catch {
    return undefined;
  }
}
