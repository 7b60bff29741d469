/**
 * Makes one of everything that a crashed run may leave, under names of its own, and sees the doctor
 * find and remove it. Nothing else of the machine's is looked at, and nothing else is removed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findContainers } from '../../../chapters/12-engine/workbook/doctor/leftovers/containers.ts';
import { findLeftovers } from '../../../chapters/12-engine/workbook/doctor/leftovers/find.ts';
import type { Leftover } from '../../../chapters/12-engine/workbook/doctor/leftovers/leftover.ts';
import { lookAtProcesses } from '../../../chapters/12-engine/workbook/doctor/leftovers/living.ts';
import { repair } from '../../../chapters/12-engine/workbook/doctor/leftovers/repair.ts';

let folder = '';
let mark = '';
let undo: (() => void)[] = [];

beforeEach(() => {
  folder = mkdtempSync('/tmp/coracle-doctor-test-');
  mark = folder.slice(-6);
});

afterEach(() => {
  for (const step of undo.toReversed()) step();
  undo = [];
  rmSync(folder, { recursive: true, force: true });
});

/** Ours alone, as if no other run of Coracle were at work: on a test machine there may be some. */
function find(): Leftover[] {
  const living = { ...lookAtProcesses(), ownerOf: () => undefined };
  return findLeftovers({ isMine: (name) => name.includes(mark), living });
}

function inWords({ kind, name, kept }: Leftover): string {
  return `${kind} ${name}${kept === undefined ? '' : `: ${kept}`}`;
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}

describe('found, and removed', () => {
  it('a folder with what is in it', () => {
    writeFileSync(path.join(folder, 'state.json'), '{}');

    const found = find();
    expect(found.map(inWords)).toEqual([`folder ${folder}`]);
    expect(repair(found, () => {})).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('mounts in a folder, the innermost first, and then the folder', () => {
    mount('root');
    mount('root/inner');

    const found = find();
    expect(found.map(inWords)).toEqual([
      `mount ${folder}/root/inner`,
      `mount ${folder}/root`,
      `folder ${folder}`,
    ]);
    expect(repair(found, () => {})).toEqual([]);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(mark);
    expect(existsSync(folder)).toBe(false);
  });

  it('a cgroup with those below it, in each hierarchy', () => {
    const made = hierarchies().map((top) => path.join(top, `coracle-${mark}`));
    for (const each of made) makeCgroup(each, path.join(each, 'below'));
    rmdirSync(folder);

    const found = find();
    expect(found.map(inWords).toSorted()).toEqual(made.map((each) => `cgroup ${each}`).toSorted());
    expect(repair(found, () => {})).toEqual([]);
    expect(made.filter((each) => existsSync(each))).toEqual([]);
  });

  it('a network namespace and a link', () => {
    const netns = bindNetworkNamespace();
    run('ip', 'link', 'add', `coracle${mark}`, 'type', 'bridge');
    undo.push(() => spawnSync('ip', ['link', 'delete', `coracle${mark}`]));
    rmdirSync(folder);

    const found = find();
    expect(found.map(inWords)).toEqual([`netns coracle-${mark}`, `link coracle${mark}`]);
    expect(repair(found, () => {})).toEqual([]);
    expect(existsSync(netns)).toBe(false);
    expect(existsSync(`/sys/class/net/coracle${mark}`)).toBe(false);
  });

  it('containers that have stopped, or were never finished', () => {
    makeContainer('stopped', { init: { pid: 4_000_000, startTime: '1' }, complete: true });
    makeContainer('creating', { complete: false });
    mkdirSync(path.join(folder, 'empty'));
    mkdirSync(path.join(folder, '.seccomp'));

    const { containers } = findContainers(() => true, folder);
    expect(containers.map(inWords).toSorted()).toEqual([
      'container creating (creating)',
      'container empty (half made)',
      'container stopped (stopped)',
    ]);
    expect(repair(containers, () => {})).toEqual([]);
    expect(spawnSync('ls', ['-A', folder], { encoding: 'utf8' }).stdout).toBe('.seccomp\n');
  });
});

describe('found, and left alone', () => {
  it('a folder in which a process stands, and its mounts', () => {
    mount('root');
    const pid = orphan(['sleep', '610'], path.join(folder, 'root'));
    const kept = `PID ${pid} (sleep 610) uses it`;

    const found = find();
    expect(found.map(inWords)).toEqual([
      `mount ${folder}/root: ${kept}`,
      `folder ${folder}: ${kept}`,
    ]);
    expect(repair(found, () => {})).toEqual(found);
    expect(existsSync(path.join(folder, 'root'))).toBe(true);
  });

  it('a folder that a process sees in a mount namespace of its own', () => {
    mkdirSync(path.join(folder, 'rootfs'));
    const script = `mount --bind ${folder}/rootfs /mnt && exec sleep 616`;
    const pid = orphan(['unshare', '--mount', 'bash', '-c', script], '/');
    waitUntil(() => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n');

    const found = find();
    expect(found.map(inWords)).toEqual([`folder ${folder}: PID ${pid} (sleep 616) uses it`]);
    expect(repair(found, () => {})).toEqual(found);
  });

  it('a mount that the kernel says is busy, with the folder that it is in', () => {
    mount('root');
    writeFileSync(path.join(folder, 'root/file'), '');
    const pid = orphan(['sh', '-c', 'exec sleep 611 3<file'], path.join(folder, 'root'));
    const living = { ...lookAtProcesses(), ownerOf: () => undefined, userOf: () => undefined };
    const said: string[] = [];

    const found = findLeftovers({ isMine: (name) => name.includes(mark), living });
    expect(repair(found, (line) => said.push(line))).toHaveLength(2);
    expect(said[0]).toMatch(/^could not remove: mount .*\/root: .*EBUSY/);
    expect(said[1]).toBe(
      `could not remove: folder ${folder}: ${folder}/root is still mounted in it`,
    );
    process.kill(pid, 0);
  });

  it('a cgroup in which a process lives, although it is one level down', () => {
    const [top = ''] = hierarchies();
    const cgroup = path.join(top, `coracle-${mark}`);
    makeCgroup(cgroup, path.join(cgroup, 'below'));
    const pid = orphan(['sleep', '612'], '/');
    writeFileSync(path.join(cgroup, 'below/cgroup.procs'), String(pid));
    rmdirSync(folder);

    const found = find();
    expect(found.map(inWords)).toEqual([`cgroup ${cgroup}: PID ${pid} live in it`]);
    expect(repair(found, () => {})).toEqual(found);
    expect(existsSync(cgroup)).toBe(true);
  });

  it('a network namespace in which a process lives', () => {
    const netns = bindNetworkNamespace();
    const pid = orphan(['nsenter', `--net=${netns}`, 'sleep', '613'], '/');
    rmdirSync(folder);
    waitUntil(() => statSync(`/proc/${pid}/ns/net`).ino === statSync(netns).ino);

    expect(find().map(inWords)).toEqual([`netns coracle-${mark}: processes live in it`]);
  });

  it('a process, which is never ended', () => {
    const program = path.join(folder, `coracle-${mark}`);
    copyFileSync('/bin/sleep', program);
    const pid = orphan([program, '614'], '/');

    const found = find();
    expect(found.map(inWords)).toEqual([
      `folder ${folder}: PID ${pid} (${program} 614) uses it`,
      `process PID ${pid} ${program} 614: alive; look at it, then: kill ${pid}`,
    ]);
    expect(repair(found, () => {})).toEqual(found);
    process.kill(pid, 0);
  });

  it('a container on which a command is at work', () => {
    makeContainer('locked', { complete: false });
    const locked = path.join(folder, 'locked');
    orphan(['flock', '--no-fork', locked, 'sleep', '615'], '/');
    waitUntil(() => spawnSync('flock', ['-n', locked, 'true']).status === 1);

    const { containers } = findContainers(() => true, folder);
    expect(containers.map(inWords)).toEqual(['container locked: a command is at work on it']);
  });
});

describe('another run of Coracle at work', () => {
  it('may own what is younger than it, and nothing that is older', () => {
    const pid = orphan(['node', '-e', 'setTimeout(() => {}, 60_000)', 'tests/run.ts'], '/');
    waitUntil(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('node'));
    const living = lookAtProcesses();

    expect(living.ownerOf(statSync(folder))).toMatch(/^PID \d+ \(.*\)$/);
    expect(living.ownerOf({ birthtimeMs: 1, ctimeMs: Date.now() })).toBeUndefined();
    expect(findLeftovers({ isMine: (name) => name.includes(mark) }).map(inWords)).toEqual([
      expect.stringMatching(`^folder ${folder}: it may be that of PID .* which is at work$`),
    ]);
  });
});

function mount(name: string): void {
  const point = path.join(folder, name);
  mkdirSync(point);
  run('mount', '-t', 'tmpfs', 'left', point);
  undo.push(() => spawnSync('umount', [point]));
}

/** Where cgroups can be made: every version 1 hierarchy but cpuset's, and version 2's. */
function hierarchies(): string[] {
  const output = execFileSync('findmnt', ['-rno', 'TARGET', '-t', 'cgroup,cgroup2'], {
    encoding: 'utf8',
  });
  return output
    .trim()
    .split('\n')
    .filter((target) => target.startsWith('/sys/fs/cgroup') && !target.includes('cpuset'));
}

function makeCgroup(...folders: string[]): void {
  for (const each of folders) {
    mkdirSync(each);
    undo.push(() => {
      if (existsSync(each)) rmdirSync(each);
    });
  }
}

/** By hand, since `ip netns add` would also leave a mount on /run/netns itself. */
function bindNetworkNamespace(): string {
  const file = `/run/netns/coracle-${mark}`;
  if (mkdirSync('/run/netns', { recursive: true }) !== undefined) {
    undo.push(() => rmdirSync('/run/netns'));
  }
  writeFileSync(file, '');
  undo.push(() => {
    spawnSync('umount', [file]);
    rmSync(file, { force: true });
  });
  run('unshare', '--net', 'mount', '--bind', '/proc/self/ns/net', file);
  return file;
}

function makeContainer(id: string, state: object): void {
  mkdirSync(path.join(folder, id));
  const record = {
    id,
    bundle: folder,
    rootfs: folder,
    config: { ociVersion: '1.2.0', root: { path: 'rootfs' } },
    created: new Date().toISOString(),
    owner: 'root',
    cgroupPaths: {},
    noPivot: false,
    ...state,
  };
  writeFileSync(path.join(folder, id, 'state.json'), JSON.stringify(record));
}

/** A process whose parent has ended; killed, and awaited, at the end of the test. */
function orphan(command: readonly string[], cwd: string): number {
  const script = '"$@" >/dev/null 2>&1 </dev/null & echo $!';
  const output = execFileSync('/bin/sh', ['-c', script, 'sh', ...command], {
    encoding: 'utf8',
    cwd,
  });
  const pid = Number(output);
  undo.push(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended by itself.
    }
    waitUntil(() => !existsSync(`/proc/${pid}/ns/mnt`) || isZombie(pid));
  });
  // The shell has become it: the name changes at execve(2).
  waitUntil(() => readFileSync(`/proc/${pid}/comm`, 'utf8') !== 'sh\n');
  return pid;
}

function isZombie(pid: number): boolean {
  const stat = spawnSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' }).stdout;
  return stat === '' || stat.includes(') Z ');
}

function waitUntil(condition: () => boolean): void {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (condition()) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
  throw new Error(`never came true: ${String(condition)}`);
}
