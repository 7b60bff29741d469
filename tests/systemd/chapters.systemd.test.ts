/** Every chapter's `run.ts` and the demo, as a reader starts them: they end well, and show what they must. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../..');
const tsx = path.join(repository, 'node_modules/.bin/tsx');
/** They take seconds; on an emulated machine, minutes. */
const MINUTES = 600_000;

/** Where the commands are started: any directory will do. */
const elsewhere = mkdtempSync(path.join(tmpdir(), 'coracle-chapters-'));
afterAll(() => rmSync(elsewhere, { recursive: true }));

/** Runs a command to its end and returns what it printed; it must end with 0 and complain of nothing. */
function outputOf(program: string, ...args: readonly string[]): string {
  const { status, signal, stdout, stderr } = spawnSync(program, args, {
    cwd: elsewhere,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // What ./workbook has to build or install first, it says there, and how far `coracle pull` is.
  const complaints = stderr.replaceAll(/^(?:workbook: .*\.\.\.|[\da-f]{12}: .*)\n/gm, '');
  expect({ status, signal, complaints }).toEqual({ status: 0, signal: null, complaints: '' });
  return stripVTControlCharacters(stdout);
}

const runChapter = (name: string): string =>
  outputOf(tsx, path.join(repository, 'chapters', name, 'run.ts'));

/** `cgroup.controllers` is in the root of a version 2 hierarchy, and of no other. */
const cgroups = existsSync('/sys/fs/cgroup/cgroup.controllers') ? 'v2' : 'other';

describe('chapter 01', { timeout: MINUTES }, () => {
  it('makes eight namespaces, and keeps one without a process', () => {
    const output = runChapter('01-namespaces');
    expect(output).toMatch(/Process \d+ is in eight new namespaces/);
    const kinds = [...output.matchAll(/^ +\w+ +(\w+:\[\d+\]) +(\w+:\[\d+\])$/gm)];
    expect(kinds).toHaveLength(8);
    expect(kinds.filter(([, ours, theirs]) => ours === theirs)).toEqual([]);
    expect(output).toContain('from outside it runs as user 100000');
    expect(output).toMatch(/NAMESPACE_KIND: .* is not a network namespace/);
    expect(output).toMatch(/^host name: inside\nprocess ID: 1, and my parent's: 0\nuser: 0$/m);
    const [, uptime] = /up for (\d+)/.exec(output) ?? [];
    expect(Number(uptime)).toBeGreaterThan(86_400);
    expect(output).toMatch(/Its host name is not: it was bound to .*:\n +inside\n/);
  });
});

describe('chapter 02', { timeout: MINUTES }, () => {
  it('limits real processes, on this machine’s version of cgroups, and removes the cgroup', () => {
    const output = runChapter('02-cgroups');
    const kind = /It is a (\w+) host/.exec(output)?.[1];
    expect(kind === 'v2').toBe(cgroups === 'v2');
    expect(output).toContain(`a machine with version ${kind === 'v2' ? 1 : 2}`);
    expect(output).toContain('frozen for 200 ms, it ran for 0 ns');
    expect(output).toContain('killed: it ended by SIGKILL');
    expect(output).toMatch(/exit status 137 .* the kernel counts 1 OOM kill/);
    expect(output).toMatch(/its peak: \d+ bytes/);
    expect(output).toMatch(/\/dev\/kmsg: .*Operation not permitted/);
    expect(output).toContain('/dev/null: may be opened');
    expect(output).toMatch(/it got \d+ of 50, then: .*[Cc]annot fork/);
    expect(output).toMatch(/CGROUP_\w+: .*4000/);
    expect(output).toContain('Removed: yes.');
  });
});

describe('chapter 03', { timeout: MINUTES }, () => {
  it('mounts layers, reads the changes back, and unmounts', () => {
    const output = runChapter('03-overlayfs');
    expect(output).toContain('the upper one of them wins: tools');
    expect(output).toContain('etc/motd  (character device 0:0)');
    expect(output).toContain('var/cache: trusted.overlay.opaque=y hides what is below');
    expect(output).toMatch(/modify etc\n +modify etc\/hostname\n +delete etc\/motd\n/);
    expect(output).toMatch(/etc\/\.wh\.motd\n/);
    expect(output).toMatch(/OVERLAY_IN_USE: upperdir .* is in use by the overlay at/);
    expect(output).toMatch(/prepare and mount, median of 50: [\d.]+ ms/);
    expect(output).toContain('Everything is unmounted and removed.');
  });
});

describe('chapter 04', { timeout: MINUTES }, () => {
  it('takes a container through its life', () => {
    const output = runChapter('04-runtime');
    expect(output).toMatch(/it runs \/memfd:coracle-\w+ \(deleted\)/);
    expect(output).toContain('process 1 on host chapter-four says hello');
    expect(output).toMatch(/it runs \/bin\/busybox, still as process \d+/);
    expect(output).toMatch(/I am process \d+; process 1 is sleep/);
    expect(output).toContain('start, again: CONTAINER_STATUS:');
    expect(output).toContain('state, after delete: CONTAINER_NOT_FOUND:');
    expect(output).toMatch(/fsopen\("nofs", FSOPEN_CLOEXEC\): .* \(config\.json \/mounts\/7\)/);
    expect(output).toContain('The container, its cgroup, its state and the bundle are gone.');
  });
});

describe('chapter 05', { timeout: MINUTES }, () => {
  it('makes an image, unpacks it, and runs it', () => {
    const output = runChapter('05-image');
    expect(output).toContain('its record: path = srv/café');
    expect(output).toContain('BAD_ARCHIVE: the layer has a file at "../../etc/passwd"');
    expect(output.match(/committed {2}sha256:\w+ {2}on /g)).toHaveLength(3);
    expect(output).not.toMatch(/^ +etc\/motd/m);
    expect(output).toContain('hello, reader, from /srv\nuid=1000(ann) gid=100(users)');
    expect(output).toMatch(/unpack: BAD_CONTENT: the layer .* unpacks to sha256:/);
    expect(output).toContain('The container, the mount, the snapshots and the content are gone.');
  });
});

describe('chapter 06', { timeout: MINUTES }, () => {
  it('pushes an image, and pulls it over a connection that breaks', () => {
    const output = runChapter('06-registry');
    expect(output).toContain('docker.io/library/busybox:latest');
    expect(output).toMatch(/HEAD blobs\/sha256:\w+… +401\n +token server +GET scope=/);
    expect(output).toContain('200, broken off after 65536 bytes');
    expect(output).toMatch(/bytes=65536- +206, 84464 bytes/);
    expect(output).not.toContain('a token that is not for it');
    expect(output).toContain('BAD_CONTENT: blob sha256:');
    expect(output).toContain('Registry and client are closed, their stores removed.');
  });
});

describe('./workbook demo', { timeout: MINUTES }, () => {
  it('pulls an image and runs it in a container, which sees itself alone', () => {
    const output = outputOf(path.join(repository, 'workbook'), 'demo');
    expect(output).toMatch(/^Digest: sha256:\w{64}\n127\.0\.0\.1:\d+\/demo:latest$/m);
    expect(output).toMatch(/The container is a program of \d+ system calls/);
    expect(output).toContain('my hostname is coracle');
    expect(output).toMatch(
      /^I am process 1, .*\nPID +COMMAND\n +1 .*\n +\d+ .*\nI am uid=0 .* and greet you$/m,
    );
    expect(output).toMatch(/may I write\? yes[^]* add {2}srv\/note\n$/);
    expect(output).toMatch(/Done: created, started, waited for and deleted in \d+ ms/);
  });
});
