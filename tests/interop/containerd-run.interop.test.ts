/** Containers by containerd and its runc shim, which calls the runtime under test. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRootfs } from './engines/image.ts';
import { cgroupsBelow } from './engines/leftovers.ts';
import * as outside from './engines/outside.ts';
import { CTRL_C } from './engines/terminal.ts';
import { throughContainerd, type ContainerdUnderTest } from './engines/through-containerd.ts';
import { until } from './engines/until.ts';

const SIZE = { rows: 33, columns: 97 };

throughContainerd((under) => {
  describe('ctr run', () => {
    runScenarios(under);
  });
  describe('ctr run with limits and rights', () => {
    limitScenarios(under);
  });
  describe('what fails', () => {
    failureScenarios(under);
  });
});

function runScenarios({ engine, place }: ContainerdUnderTest): void {
  test('prints to both streams and hands the exit code on', async () => {
    const outcome = await engine().run('c', ['--rm'], ['sh', '-c', 'echo o; echo e >&2; exit 7']);
    expect(outcome).toMatchObject({ code: 7, stdout: 'o\n', stderr: 'e\n' });
  });

  test('reads standard input', async () => {
    // ctr 1.6 never tells containerd that its own input has ended, so the reader counts.
    const argv = engine().runArguments('c', ['--rm'], ['sh', '-c', 'head -c 5000 | wc -c']);
    expect((await engine().ctr(argv, { input: 'x'.repeat(5_000) })).stdout.trim()).toBe('5000');
  });

  test('with a terminal: its device, its size, later sizes, Ctrl-C', async () => {
    const script = 'tty; trap "exit 5" INT; while sleep 0.05; do echo "size $(stty size)"; done';
    const argv = engine().runArguments('c', ['--rm', '--tty'], ['sh', '-c', script]);
    const terminal = engine().terminal(argv, SIZE);
    await terminal.shows(/\/dev\/pts\/0/);
    await terminal.shows(/size 33 97/);
    await terminal.resize({ rows: 20, columns: 40 });
    await terminal.shows(/size 20 40/);
    terminal.type(CTRL_C);
    expect(await terminal.exitCode()).toBe(5);
  });

  test('--pid-file holds the process id, and the process is the container’s', async () => {
    const file = join(place().folder, 'pid-file');
    const pid = await engine().start('c', ['--pid-file', file]);
    expect(readFileSync(file, 'utf8').trim()).toBe(`${pid}`);
    await until('the program', () => outside.status(pid, 'Name') === 'sleep');
    expect(outside.namespace(pid, 'pid')).not.toBe(outside.namespace('self', 'pid'));
  });

  test('--rootfs runs a plain folder', async () => {
    const rootfs = join(place().folder, 'plain-rootfs');
    mkdirSync(rootfs);
    await makeRootfs(rootfs);
    writeFileSync(join(rootfs, 'plain'), 'a plain folder\n');
    const argv = engine().runArguments('c', ['--rm'], ['/bin/cat', '/plain']);
    const image = argv.indexOf('c') - 1;
    const plain = argv.toSpliced(image, 1, '--rootfs', rootfs);
    expect((await engine().ctr(plain)).stdout).toBe('a plain folder\n');
  });

  test('--no-pivot runs without pivot_root', async () => {
    const outcome = await engine().run('c', ['--rm', '--no-pivot'], ['ls', '/filled']);
    expect(outcome).toMatchObject({ code: 0, stdout: 'from-image\n' });
  });

  test('--mount, --env, --cwd and --read-only', async () => {
    const host = join(place().folder, 'shared');
    mkdirSync(host);
    writeFileSync(join(host, 'file'), 'from the host\n');
    const flags = [
      `--mount=type=bind,src=${host},dst=/data,options=rbind:ro`,
      '--env=COLOUR=blue',
      '--cwd=/tmp',
      '--read-only',
    ];
    const script = 'cat /data/file; echo $COLOUR; pwd; touch /tmp/x';
    const outcome = await engine().run('c', ['--rm', ...flags], ['sh', '-c', script]);
    expect(outcome.stdout).toBe('from the host\nblue\n/tmp\n');
    expect(outcome.stderr).toMatch(/Read-only file system/);
  });

  test('--with-ns joins namespaces of another container', async () => {
    const first = await engine().start('first');
    const joins = ['net', 'ipc', 'uts'];
    const flags = [
      `--with-ns=network:/proc/${first}/ns/net`,
      `--with-ns=ipc:/proc/${first}/ns/ipc`,
      `--with-ns=uts:/proc/${first}/ns/uts`,
    ];
    const second = await engine().start('second', flags);
    for (const kind of joins) {
      expect(outside.namespace(second, kind)).toBe(outside.namespace(first, kind));
    }
    expect(outside.namespace(second, 'pid')).not.toBe(outside.namespace(first, 'pid'));
  });

  test('--net-host is the network of containerd', async () => {
    const pid = await engine().start('c', ['--net-host']);
    const theirs = outside.namespace(engine().daemon.pid, 'net');
    expect(outside.namespace(pid, 'net')).toBe(theirs);
  });

  test('--uidmap: root inside is another user outside', async () => {
    const flags = ['--uidmap=0:100000:65536', '--gidmap=0:200000:65536'];
    const pid = await engine().start('c', flags);
    expect(outside.status(pid, 'Uid')).toMatch(/^100000\t/);
    expect(outside.status(pid, 'Gid')).toMatch(/^200000\t/);
    expect(outside.namespace(pid, 'user')).not.toBe(outside.namespace('self', 'user'));
    const inside = await engine().ok(
      ...engine().execArguments('c', [], ['stat', '-c', '%u', '/etc']),
    );
    expect(inside).toBe('0');
  });
}

function limitScenarios({ engine, place }: ContainerdUnderTest): void {
  test('memory and cpu are limited in the cgroup', async () => {
    const pid = await engine().start('c', ['--memory-limit=67108864', '--cpus=0.5']);
    expect(outside.memoryLimit(pid)).toBe(67_108_864);
    expect(outside.cpuLimit(pid)).toBe(0.5);
    expect(outside.cgroupPath(pid)).toBe(place().cgroupParent.pathOf('c'));
  });

  test('capabilities are containerd’s defaults, and --cap-add and --cap-drop change them', async () => {
    const pid = await engine().start('c', ['--cap-add=CAP_SYS_PTRACE', '--cap-drop=CAP_CHOWN']);
    const effective = outside.status(pid, 'CapEff');
    const [CHOWN, KILL, SYS_PTRACE] = [0, 5, 19];
    const has = [CHOWN, KILL, SYS_PTRACE].map((one) => outside.hasCapability(effective, one));
    expect(has).toEqual([false, true, true]);
    expect(outside.status(pid, 'NoNewPrivs')).toBe('1');
  });

  test('--seccomp puts containerd’s default profile in force', async () => {
    const pid = await engine().start('filtered', ['--seccomp']);
    expect(outside.status(pid, 'Seccomp')).toBe('2');
    const refused = await engine().run('c', ['--rm', '--seccomp'], ['unshare', '-U', 'true']);
    expect(refused.stderr).toMatch(/Operation not permitted/);
    expect((await engine().run('c', ['--rm'], ['unshare', '-U', 'true'])).code).toBe(0);
  });

  test('--device gives a device of the host', async () => {
    const flags = ['--rm', '--device=/dev/loop-control'];
    const outcome = await engine().run('c', flags, [
      'sh',
      '-c',
      ': <>/dev/loop-control && echo open',
    ]);
    expect(outcome.stdout).toBe('open\n');
  });
}

function failureScenarios({ engine, place }: ContainerdUnderTest): void {
  test('a program that does not exist is named, and nothing stays', async () => {
    const outcome = await engine().run('c', ['--rm'], ['no-such-program']);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/"no-such-program": executable file not found in \$PATH/);
    expect(engine().states()).toEqual([]);
    expect(cgroupsBelow(place().cgroupParent.path)).toEqual([]);
  });

  test('exec of a program that does not exist is named, and the container lives on', async () => {
    const pid = await engine().start('c');
    const outcome = await engine().ctr(engine().execArguments('c', [], ['no-such-program']));
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/"no-such-program": executable file not found in \$PATH/);
    expect(outside.isAlive(pid)).toBe(true);
  });

  test('a namespace that does not exist is refused', async () => {
    const outcome = await engine().run('c', ['--rm', '--with-ns=network:/no/such/ns'], ['true']);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/\/no\/such\/ns.*no such file or directory/);
  });

  test('rm of a running task is refused, and it runs on', async () => {
    const pid = await engine().start('c');
    const outcome = await engine().ctr(['task', 'rm', 'c']);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/running/);
    expect(outside.isAlive(pid)).toBe(true);
  });

  test('a checkpoint is refused, and the container lives on', async () => {
    const pid = await engine().start('c');
    const outcome = await engine().ctr(['task', 'checkpoint', 'c']);
    expect(outcome.code).not.toBe(0);
    expect(outside.isAlive(pid)).toBe(true);
  });
}
