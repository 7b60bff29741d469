/** Running containers of containerd: pause, kill, exec, and the end of shim and daemon. */
import { describe, expect, test } from 'vitest';
import * as outside from './engines/outside.ts';
import { CTRL_C } from './engines/terminal.ts';
import { throughContainerd, type ContainerdUnderTest } from './engines/through-containerd.ts';
import { until } from './engines/until.ts';

const SIZE = { rows: 33, columns: 97 };

throughContainerd((under) => {
  describe('ctr task', () => {
    taskScenarios(under);
  });
  describe('ctr task exec', () => {
    execScenarios(under);
  });
});

function taskScenarios({ engine }: ContainerdUnderTest): void {
  test('pause and resume freeze and thaw the cgroup', async () => {
    const pid = await engine().start('c');
    await engine().ok('task', 'pause', 'c');
    expect(outside.isFrozen(pid)).toBe(true);
    expect(await engine().ok('task', 'ls')).toMatch(/c +\d+ +PAUSED/);
    await engine().ok('task', 'resume', 'c');
    expect(outside.isFrozen(pid)).toBe(false);
  });

  test('kill ends it with the signal’s number, and rm removes it', async () => {
    const pid = await engine().start('c');
    await engine().ok('task', 'kill', '--signal', 'SIGKILL', 'c');
    await until('the end', () => !outside.isAlive(pid));
    expect(await engine().ok('task', 'ls')).toMatch(/c +\d+ +STOPPED/);
    expect((await engine().ctr(['task', 'rm', 'c'])).stderr).toMatch(/exit code 137/);
    expect(await engine().ok('container', 'ls', '-q')).toBe('c');
    await engine().ok('container', 'rm', 'c');
  });

  test('kill --all reaches every process', async () => {
    const pid = await engine().start('c', [], ['sh', '-c', 'sleep 981 & sleep 982; true']);
    const all = await until('both children', () => {
      const found = outside.processesBeside(pid);
      return found.length === 3 && found;
    });
    await engine().ok('task', 'kill', '--all', '--signal', 'SIGKILL', 'c');
    await until('their end', () => all.every((one) => !outside.isAlive(one)));
  });

  test('ps lists the processes', async () => {
    const pid = await engine().start('c');
    const rows = (await engine().ok('task', 'ps', 'c')).split('\n').slice(1);
    expect(rows.map((row) => Number(row.split(/\s+/)[0]))).toEqual([pid]);
  });

  test('metrics report the cgroup', async () => {
    await engine().start('c', ['--memory-limit=67108864']);
    const metrics = await engine().ok('task', 'metrics', '--format', 'json', 'c');
    expect(metrics).toMatch(/"limit":\s?67108864/);
    expect(metrics).toMatch(/"pids":\s?\{\s*"current":\s?1\b/);
  });

  test('a container outlives its containerd, and the next one takes it over', async () => {
    const pid = await engine().start(
      'c',
      [],
      ['sh', '-c', 'trap "exit 9" TERM; sleep 1000 & wait'],
    );
    await engine().restart('SIGKILL');
    expect(outside.isAlive(pid)).toBe(true);
    expect(await engine().pid('c')).toBe(pid);
    await engine().ok('task', 'kill', '--signal', 'SIGTERM', 'c');
    await until('the end', () => !outside.isAlive(pid));
    expect((await engine().ctr(['task', 'rm', 'c'])).stderr).toMatch(/exit code 9/);
  });

  test('when the shim is killed, containerd has the runtime clean up', async () => {
    const pid = await engine().start('c');
    process.kill(Number(outside.status(pid, 'PPid')), 'SIGKILL');
    await until('the end', () => !outside.isAlive(pid));
    await until('an empty list', () => engine().states().length === 0);
    await engine().ctr(['task', 'rm', '--force', 'c']);
  });
}

function execScenarios({ engine }: ContainerdUnderTest): void {
  test('without a terminal: both streams and the exit code', async () => {
    await engine().start('c');
    const command = ['sh', '-c', 'echo o; echo e >&2; exit 3'];
    const outcome = await engine().ctr(engine().execArguments('c', [], command));
    expect(outcome).toMatchObject({ code: 3, stdout: 'o\n', stderr: 'e\n' });
  });

  test('with a terminal: a device of its own, the size, Ctrl-C', async () => {
    await engine().start('c');
    const script = 'tty; trap "exit 5" INT; while sleep 0.05; do echo "size $(stty size)"; done';
    const argv = engine().execArguments('c', ['--tty'], ['sh', '-c', script]);
    const terminal = engine().terminal(argv, SIZE);
    await terminal.shows(/\/dev\/pts\/\d/);
    await terminal.shows(/size 33 97/);
    terminal.type(CTRL_C);
    expect(await terminal.exitCode()).toBe(5);
  });

  test('--user and --cwd', async () => {
    await engine().start('c');
    const flags = ['--user=1000', '--cwd=/tmp'];
    const argv = engine().execArguments('c', flags, ['sh', '-c', 'id -u; pwd']);
    expect(await engine().ok(...argv)).toBe('1000\n/tmp');
  });

  test('the process is in the container’s namespaces and cgroup', async () => {
    const pid = await engine().start('c');
    await engine().ok(...engine().execArguments('c', ['--detach'], ['sleep', '983']));
    const other = outside.processesBeside(pid).find((one) => one !== pid) ?? -1;
    for (const kind of ['ipc', 'mnt', 'net', 'pid', 'uts']) {
      expect(outside.namespace(other, kind)).toBe(outside.namespace(pid, kind));
    }
  });
}
