/**
 * Who is at work: other runs of Coracle, and processes that use a folder.
 *
 * A temporary folder does not tell whose it is. But what is older than every other run that is at
 * work now cannot be theirs, and what a process names or stands in is in use.
 */
import { existsSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import path from 'node:path';
import {
  ancestors,
  commandOf,
  readProcesses,
  type MachineProcess,
} from '../../machine/processes.ts';
import { temporaryFolderOf } from './names.ts';

/** When a thing was made, of fs.Stats. */
type Times = Pick<Stats, 'birthtimeMs' | 'ctimeMs'>;

/** The processes of the machine, as far as leftovers need them. */
export interface Living {
  /** Says which run at work may own a thing of that age. */
  ownerOf(times: Times): string | undefined;
  /** Says which process uses the folder of that (unique) name. */
  userOf(name: string): string | undefined;
  /** Processes whose parent has ended, by name. */
  readonly orphans: readonly MachineProcess[];
  /** Whether a process lives in this network namespace, by inode number. */
  hasNetwork(inode: number): boolean;
}

/** Takes one look at /proc. The run that this process belongs to is left out. */
export function lookAtProcesses(): Living {
  const all = readProcesses();
  const others = [...all.values()].filter(({ pid }) => !isKin(pid, all));
  const runs = others.filter(isRun).toSorted((a, b) => a.start - b.start);
  const rest = [...all.values()].filter(({ pid }) => pid !== process.pid);
  const uses = new Map(rest.map(({ pid }) => [pid, namesUsedBy(pid)]));
  const bootMs = bootTime();
  return {
    ownerOf(times) {
      const [oldest] = runs;
      if (oldest === undefined || createdMs(times) < startMs(oldest, bootMs)) return undefined;
      return describe(oldest.pid);
    },
    userOf(name) {
      const user = rest.find(({ pid }) => uses.get(pid)?.includes(name));
      return user === undefined ? undefined : describe(user.pid);
    },
    orphans: others.filter(({ parent }) => parent === 1),
    hasNetwork: (inode) => rest.some(({ pid }) => networkOf(pid) === `net:[${inode}]`),
  };
}

/** This process, those it comes from up to the first run of Coracle, and all that come from those. */
function isKin(pid: number, all: ReadonlyMap<number, MachineProcess>): boolean {
  const own = ancestors(process.pid, all);
  const first = own.findLast((each) => each === process.pid || isRunPid(each)) ?? process.pid;
  return own.includes(pid) || ancestors(pid, all).includes(first);
}

const runs = /(^|\s|\/)(coracle-[\w-]+|chapters\/\d\d-[\w-]+\/\S+|tests\/(\w+\/)?run\.ts)(\s|$)/;

/** A command of Coracle, or a Node that stands in a checkout, such as vitest. */
function isRun({ pid, name }: MachineProcess): boolean {
  return name.startsWith('coracle') || isRunPid(pid);
}

function isRunPid(pid: number): boolean {
  const command = commandOf(pid) ?? '';
  if (!/\bnode\b/.test(command)) return false;
  return runs.test(command) || existsSync(path.join(workingFolder(pid), 'chapters/12-engine'));
}

function workingFolder(pid: number): string {
  return linkOf(`/proc/${pid}/cwd`) ?? '';
}

/**
 * Everything by which a process may use a folder: its arguments, working directory and program, and
 * what a mount namespace of its own shows. What it merely has open is not looked at: that keeps a
 * mount busy, which the kernel says, and loses nothing by an unlink.
 */
function namesUsedBy(pid: number): string {
  const names = [commandOf(pid), workingFolder(pid), linkOf(`/proc/${pid}/exe`)];
  if (linkOf(`/proc/${pid}/ns/mnt`) !== linkOf('/proc/self/ns/mnt')) names.push(...mountsOf(pid));
  return names.join('\n');
}

/**
 * Lines of mountinfo by which a folder of ours is seen in another place, as a container's root is.
 * One that stands where we see it too has only come along when the namespace was made.
 */
function mountsOf(pid: number): string[] {
  try {
    const lines = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n');
    return lines.filter((line) => temporaryFolderOf(line.split(' ')[4] ?? '') === undefined);
  } catch {
    return [];
  }
}

function networkOf(pid: number): string | undefined {
  return linkOf(`/proc/${pid}/ns/net`);
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

function describe(pid: number): string {
  const command = (commandOf(pid) ?? '').replaceAll(/\s+/g, ' ');
  return `PID ${pid} (${command.length > 60 ? `${command.slice(0, 60)}…` : command})`;
}

const TICKS_PER_SECOND = 100;

/** `btime` is a whole second; two seconds of doubt go to the run that is at work. */
function startMs({ start }: MachineProcess, bootMs: number): number {
  return bootMs + (start / TICKS_PER_SECOND) * 1000 - 2000;
}

function bootTime(): number {
  const seconds = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  return Number(seconds) * 1000;
}

/** Where the filesystem keeps no time of birth, the last change is later: on the safe side. */
function createdMs({ birthtimeMs, ctimeMs }: Times): number {
  return birthtimeMs > 0 ? birthtimeMs : ctimeMs;
}
