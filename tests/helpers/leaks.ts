/**
 * What a test run may leave behind on the machine, and the comparison that finds it.
 *
 * Life cycle: `takeSnapshot()` before the tests, `leaksSince()` after them. Everything is read
 * from outside, from /proc, /sys and /run; nothing is changed or cleaned up here.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { cgroupFolders } from '../../chapters/12-engine/workbook/machine/cgroups.ts';
import { entries } from '../../chapters/12-engine/workbook/machine/folders.ts';
import { readMounts } from '../../chapters/12-engine/workbook/machine/mounts.ts';
import { marker, membersOf, testProcesses } from './processes.ts';

/** For each kind of thing, how many there are of each name. */
export type Snapshot = ReadonlyMap<string, ReadonlyMap<string, number>>;

const readers: Readonly<Record<string, () => Iterable<string>>> = {
  mount: mounts,
  cgroup: cgroups,
  netns: () => entries('/run/netns'),
  link: () => entries('/sys/class/net'),
  'nft table': nftTables,
  process: testProcesses,
  file: leftovers,
};

/**
 * Reads the machine's state, and marks the environment of this process: whatever it starts from
 * now on inherits the mark, and is known by it when it outlives us.
 */
export function takeSnapshot(): Snapshot {
  process.env[marker.name] ??= marker.value;
  return new Map(Object.entries(readers).map(([kind, read]) => [kind, count(read())]));
}

/**
 * What is there now and was not in `before`, each as `kind: name`.
 * Things that are on their way out (a process that is ending, a lazy unmount) get up to
 * `settleMs` milliseconds to be gone.
 */
export async function leaksSince(before: Snapshot, settleMs = 3000): Promise<string[]> {
  const deadline = Date.now() + settleMs;
  for (;;) {
    const leaks = difference(before, takeSnapshot());
    if (leaks.length === 0 || Date.now() >= deadline) return leaks;
    await sleep(100);
  }
}

/** The names that `after` has more of than `before`, each as `kind: name`; pure. */
function difference(before: Snapshot, after: Snapshot): string[] {
  return [...after].flatMap(([kind, names]) =>
    [...names]
      .filter(([name, n]) => n > (before.get(kind)?.get(name) ?? 0))
      .map(([name]) => `${kind}: ${name}`),
  );
}

function count(names: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/**
 * Without the ids and options: a remount is no leak. The first `ip netns add` after boot mounts
 * /run/netns on itself, for good: that is its way, not a leak.
 */
function mounts(): string[] {
  return readMounts()
    .filter(({ point }) => point !== '/run/netns')
    .map(({ point, type, source, root }) => `${point} (${type} from ${source}, root ${root})`);
}

/**
 * All hierarchies, v1 and v2. A group in which only other people's processes live is theirs. The
 * slices that a user's systemd makes at need (systemd.special(7)) stay for as long as it runs.
 */
function cgroups(): string[] {
  return cgroupFolders().filter(
    (folder) =>
      !/\/user@\d+\.service\/(app|background|session|user)\.slice$/.test(folder) &&
      !membersOf(folder).some((member) => member === 'other'),
  );
}

function nftTables(): string[] {
  try {
    const output = execFileSync('nft', ['list', 'tables'], { encoding: 'utf8', stdio: 'pipe' });
    return output.split('\n').filter((line) => line !== '');
  } catch {
    // No nft, or not root: then no test can have made a table through it either.
    return [];
  }
}

/**
 * Temporary folders of ours, and the state of containers that nobody deleted. Beside it the runtime
 * keeps its compiled seccomp filters, which are to stay.
 */
function leftovers(): string[] {
  const temporary = entries('/tmp').filter((name) => name.startsWith('coracle'));
  const stateRoots = entries('/run').filter((name) => /^(coracle.*|runc|crun)$/.test(name));
  return [
    ...temporary.map((name) => `/tmp/${name}`),
    ...stateRoots.flatMap((root) =>
      entries(`/run/${root}`)
        .filter((name) => name !== '.seccomp')
        .map((name) => `/run/${root}/${name}`),
    ),
  ];
}
