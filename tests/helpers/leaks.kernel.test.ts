/** Leaves each kind of thing behind on purpose, and looks whether the leak check says so. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { leaksSince, takeSnapshot, type Snapshot } from './leaks.ts';

const unique = `leaktest${process.pid}`;
let before: Snapshot;
let cleanup: (() => void)[] = [];

beforeEach(() => {
  before = takeSnapshot();
});

afterEach(async () => {
  for (const undo of cleanup.toReversed()) undo();
  cleanup = [];
  expect(await found(before)).toEqual([]);
});

/** What the check finds, by the names used here: other programs on this machine may be at work. */
async function found(since: Snapshot, settleMs?: number): Promise<string[]> {
  const leaks = await leaksSince(since, settleMs);
  return leaks.filter((leak) => /leak|left|sleep (60|0\.604)/.test(leak));
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}

it('a mount', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'workbook-leaks-'));
  cleanup.push(() => rmdirSync(folder));
  run('mount', '-t', 'tmpfs', 'left', folder);
  cleanup.push(() => run('umount', folder));

  expect(await found(before, 0)).toEqual([`mount: ${folder} (tmpfs from left, root /)`]);
});

it('a second mount on the same place', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'workbook-leaks-'));
  cleanup.push(() => rmdirSync(folder));
  run('mount', '-t', 'tmpfs', 'left', folder);
  cleanup.push(() => run('umount', folder));
  const first = takeSnapshot();
  run('mount', '-t', 'tmpfs', 'left', folder);
  cleanup.push(() => run('umount', folder));

  expect(await found(first, 0)).toEqual([`mount: ${folder} (tmpfs from left, root /)`]);
});

it.each([['pids'], ['memory']])('a cgroup of %s', async (controller) => {
  const folder = cgroupFolder(controller);
  mkdirSync(folder);
  cleanup.push(() => rmdirSync(folder));

  expect(await found(before, 0)).toEqual([`cgroup: ${folder}`]);
});

it('a network namespace', async () => {
  // By hand, since `ip netns add` would also leave a mount on /run/netns itself.
  const file = `/run/netns/${unique}`;
  if (mkdirSync('/run/netns', { recursive: true }) !== undefined) {
    cleanup.push(() => rmdirSync('/run/netns'));
  }
  writeFileSync(file, '');
  cleanup.push(() => rmSync(file));
  run('mount', '--bind', '/proc/self/ns/net', file);
  cleanup.push(() => run('umount', file));

  expect(await found(before, 0)).toEqual([
    expect.stringMatching(`^mount: ${file} \\(nsfs from nsfs, root net:`),
    `netns: ${unique}`,
  ]);
});

it('a link', async () => {
  run('ip', 'link', 'add', 'leak0', 'type', 'bridge');
  cleanup.push(() => run('ip', 'link', 'delete', 'leak0'));

  expect(await found(before, 0)).toEqual(['link: leak0']);
});

it('an nft table', async () => {
  run('nft', 'add', 'table', 'inet', unique);
  cleanup.push(() => run('nft', 'delete', 'table', 'inet', unique));

  expect(await found(before, 0)).toEqual([`nft table: table inet ${unique}`]);
});

it('a process that outlived its parent', async () => {
  const pid = orphan(['sleep', '600'], process.env);

  expect(await found(before, 0)).toEqual([
    expect.stringMatching(`process: pid ${pid} .*: sleep 600`),
  ]);
});

it('a process without our environment, in a PID namespace of its own', async () => {
  const pid = orphan(['unshare', '--pid', '--fork', '--kill-child', 'sleep', '601'], {});

  const leaks = await found(before, 0);
  expect(leaks).toEqual([expect.stringMatching(/process: pid \d+ .*: sleep 601/)]);
  expect(leaks[0]).not.toContain(`pid ${pid} `);
});

it('a temporary folder', async () => {
  const folder = mkdtempSync('/tmp/coracle-leaks-');
  cleanup.push(() => rmSync(folder, { recursive: true }));

  expect(await found(before, 0)).toEqual([`file: ${folder}`]);
});

it("our own children and other people's processes are no leak", async () => {
  const child: ChildProcess = spawn('sleep', ['602'], { stdio: 'ignore' });
  cleanup.push(() => child.kill('SIGKILL'));
  orphan(['sleep', '603'], {});

  expect(await found(before, 0)).toEqual([]);
});

it('what goes away within the settling time is no leak', async () => {
  orphan(['sleep', '0.604'], process.env);

  expect(await found(before, 5000)).toEqual([]);
});

function cgroupFolder(controller: string): string {
  const mounts = execFileSync('findmnt', ['-rno', 'TARGET', '-t', 'cgroup,cgroup2'], {
    encoding: 'utf8',
  });
  const targets = mounts.trim().split('\n');
  const v1 = targets.find((target) => target.split('/').at(-1)?.split(',').includes(controller));
  return path.join(v1 ?? targets[0] ?? '/sys/fs/cgroup', unique);
}

/** Starts a program whose parent ends at once, so that init adopts it; killed at clean-up. */
function orphan(command: readonly string[], env: NodeJS.ProcessEnv): number {
  const script = '"$@" >/dev/null 2>&1 </dev/null & echo $!';
  const output = execFileSync('/bin/sh', ['-c', script, 'sh', ...command], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
  const pid = Number(output);
  cleanup.push(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended by itself.
    }
  });
  return pid;
}
