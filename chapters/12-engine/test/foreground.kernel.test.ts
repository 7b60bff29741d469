/** `run` and `exec` in the foreground: streams, exit codes, signals, and what is left behind. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until, whyNoContainers, Workplace } from './workplace.ts';

describe.skipIf(whyNoContainers() !== undefined)('in the foreground', () => {
  let place: Workplace;
  beforeEach(() => {
    place = new Workplace();
  });
  afterEach(() => place[Symbol.dispose]());

  describe('run', () => {
    it('has the streams of its caller', async () => {
      place.configure(['sh', '-c', 'cat; echo to stderr >&2']);
      const { stdout, stderr, exitCode } = await place.start(['run', '-b', place.bundle, 'box'], {
        input: 'through\nstdin\n',
      });
      expect({ stdout, stderr, exitCode }).toEqual({
        stdout: 'through\nstdin',
        stderr: 'to stderr',
        exitCode: 0,
      });
    });

    it('ends with the container’s exit code, and deletes it', async () => {
      place.configure(['sh', '-c', 'exit 7']);
      const { exitCode, stderr } = await place.run('run', '-b', place.bundle, 'box');
      expect({ exitCode, stderr }).toEqual({ exitCode: 7, stderr: '' });
      expect(existsSync(`${place.root}/box`)).toBe(false);
      expect(
        readdirSync('/sys/fs/cgroup').flatMap((name) =>
          existsSync(`/sys/fs/cgroup/${name}/box`) ? [name] : [],
        ),
      ).toEqual([]);
    });

    it('ends with 128 and the number of the signal that killed the container', async () => {
      place.configure(['sleep', '1000']);
      const running = place.start(['run', '-b', place.bundle, 'box']);
      await until(
        'the container runs',
        async () => (await place.state('box'))?.['status'] === 'running' || undefined,
      );
      await place.run('kill', 'box', 'KILL');
      expect((await running).exitCode).toBe(137);
    });

    it('keeps the container with --keep', async () => {
      place.configure(['true']);
      expect((await place.run('run', '--keep', '-b', place.bundle, 'box')).exitCode).toBe(0);
      expect(await place.state('box')).toMatchObject({ status: 'stopped', pid: 0 });
    });

    it('leaves a container alone whose name it was given', async () => {
      place.configure(['sleep', '1000']);
      await place.detach('run', '--detach', '-b', place.bundle, 'box');
      const { exitCode, stderr } = await place.run('run', '-b', place.bundle, 'box');
      expect(exitCode).toBe(1);
      expect(stderr).toContain(
        'msg="coracle-runtime run failed: container with given ID already exists"',
      );
      expect(await place.state('box')).toMatchObject({ status: 'running' });
    });

    it('leaves nothing of a container whose program is not there', async () => {
      place.configure(['no-such-program']);
      const { exitCode, stderr } = await place.run('run', '-b', place.bundle, 'box');
      expect(exitCode).toBe(1);
      expect(stderr).toContain('exec: \\"no-such-program\\": executable file not found in $PATH');
      expect(existsSync(`${place.root}/box`)).toBe(false);
    });

    it('detaches, with the PID in a file', async () => {
      place.configure(['sleep', '1000']);
      const pidFile = place.file('pid');
      const { exitCode } = await place.detach(
        'run',
        '-d',
        '--pid-file',
        pidFile,
        '-b',
        place.bundle,
        'box',
      );
      expect(exitCode).toBe(0);
      const state = await place.state('box');
      expect(state).toMatchObject({
        status: 'running',
        pid: Number(readFileSync(pidFile, 'utf8')),
      });
    });

    it('adopts and collects what the container orphans, where it has no PID namespace', async () => {
      const orphan = 'orphan=$(sh -c "sleep 1000 >/dev/null & echo \\$!")';
      const look = 'cat /proc/$orphan/status; kill $orphan';
      // Until it is collected, a zombie still has its directory.
      const wait = 'while [ -d /proc/$orphan ]; do sleep 0.05; done; exit 5';
      place.configure(['sh', '-c', `${orphan}; ${look}; ${wait}`], ({ linux }) => {
        const { namespaces = [] } = linux ?? {};
        Object.assign(linux ?? {}, { namespaces: namespaces.filter(({ type }) => type !== 'pid') });
      });
      const running = place.start(['run', '-b', place.bundle, 'box']);
      const { stdout, exitCode } = await running;
      expect(stdout).toContain(`PPid:\t${String(running.pid)}\n`);
      expect(exitCode).toBe(5);
    });
  });

  describe('exec', () => {
    beforeEach(async () => {
      place.configure(['sleep', '1000']);
      await place.detach('run', '-d', '-b', place.bundle, 'box');
    });

    it('has the streams of its caller, and flags of its own program', async () => {
      const { stdout, exitCode } = await place.start(
        ['exec', 'box', 'sh', '-c', 'cat; echo $0 $1', '-t', '--env'],
        {
          input: 'in\n',
        },
      );
      expect({ stdout, exitCode }).toEqual({ stdout: 'in\n-t --env', exitCode: 0 });
    });

    it.each([
      ['exit 9', 9],
      ['kill -9 $$', 137],
    ])('%j ends it with %d', async (script, code) => {
      expect((await place.run('exec', 'box', 'sh', '-c', script)).exitCode).toBe(code);
    });

    it('fails with 255 for a program that is not there', async () => {
      const { exitCode, stderr } = await place.run('exec', 'box', 'no-such-program');
      expect(exitCode).toBe(255);
      expect(stderr).toContain(
        'exec failed: unable to start container process: exec: \\"no-such-program\\"',
      );
    });

    it('runs as the user, in the directory, with the variables that it is told', async () => {
      const flags = ['--user', '12:34', '-g', '56', '--cwd', '/bin', '--env', 'WHO=me'];
      const { stdout } = await place.run(
        'exec',
        ...flags,
        'box',
        'sh',
        '-c',
        'id -u; id -g; id -G; pwd; echo $WHO',
      );
      expect(stdout).toBe('12\n34\n34 56\n/bin\nme');
    });

    it('detaches', async () => {
      const pidFile = place.file('pid');
      const { exitCode } = await place.detach(
        'exec',
        '-d',
        '--pid-file',
        pidFile,
        'box',
        'sleep',
        '60',
      );
      expect(exitCode).toBe(0);
      const { stdout } = await place.run('ps', '-f', 'json', 'box');
      expect(JSON.parse(stdout)).toContain(Number(readFileSync(pidFile, 'utf8')));
    });

    it('is refused in a paused container', async () => {
      await place.run('pause', 'box');
      const { exitCode, stderr } = await place.run('exec', 'box', 'true');
      await place.run('resume', 'box');
      expect(exitCode).toBe(255);
      expect(stderr).toContain(
        'cannot exec in a paused container (use --ignore-paused to override)',
      );
    });
  });

  describe('a signal for the runtime', () => {
    const waitFor = 'while :; do sleep 0.05; done';

    it.each([
      'SIGTERM',
      'SIGINT',
      'SIGHUP',
      'SIGQUIT',
      'SIGUSR1',
      'SIGUSR2',
      'SIGCONT',
      'SIGALRM',
    ] as const)('%s goes to the container', async (signal) => {
      const name = signal.slice(3);
      place.configure([
        'sh',
        '-c',
        `trap 'echo got ${name}; exit 3' ${name}; echo ready; ${waitFor}`,
      ]);
      const running = place.start(['run', '-b', place.bundle, 'box']);
      await new Promise((resolve) => {
        running.stdout?.once('data', resolve);
      });
      running.kill(signal);
      const { stdout, exitCode } = await running;
      expect({ stdout, exitCode }).toEqual({ stdout: `ready\ngot ${name}`, exitCode: 3 });
    });

    it('goes to the process of an exec', async () => {
      place.configure(['sleep', '1000']);
      await place.detach('run', '-d', '-b', place.bundle, 'box');
      const running = place.start([
        'exec',
        'box',
        'sh',
        '-c',
        `trap 'exit 4' TERM; echo ready; ${waitFor}`,
      ]);
      await new Promise((resolve) => {
        running.stdout?.once('data', resolve);
      });
      running.kill('SIGTERM');
      expect((await running).exitCode).toBe(4);
      expect(await place.state('box')).toMatchObject({ status: 'running' });
    });
  });
});
