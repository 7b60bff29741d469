/** A container's life, from create to remove, as podman and dockerd drive it. */
import { describe, expect, test } from 'vitest';
import { throughEachEngine } from './engines/each-engine.ts';
import { isAlive, isFrozen, status } from './engines/outside.ts';
import { until } from './engines/until.ts';

/** With pauses, since two pipes keep no order between them. */
const LINES = 'echo one; sleep 0.1; echo two >&2; sleep 0.1; echo three';

throughEachEngine(({ kind, engine }) => {
  describe('a command in the foreground', () => {
    test('prints to standard output and error, and exits 0', async () => {
      const outcome = await engine().run([], ['sh', '-c', 'echo out; echo err >&2']);
      expect(outcome).toMatchObject({ code: 0, stdout: 'out\n', stderr: 'err\n' });
    });

    test('hands its exit code on', async () => {
      expect((await engine().run([], ['sh', '-c', 'exit 42'])).code).toBe(42);
    });

    test('that dies of a signal exits with 128 and the number', async () => {
      // Process 1 of a PID namespace ignores what it has no handler for, so its child dies.
      const outcome = await engine().run([], ['sh', '-c', 'sh -c "kill -ABRT \\$\\$"; exit $?']);
      expect(outcome.code).toBe(134);
    });

    test('reads standard input to its end', async () => {
      const lines = 'one\ntwo\nthree\n';
      const outcome = await engine().run(['-i'], ['wc', '-l'], { input: lines });
      expect(outcome.stdout.trim()).toBe('3');
    });

    test('passes a megabyte through unharmed', async () => {
      const input = 'coracle '.repeat(131_072);
      const outcome = await engine().run(['-i'], ['cat'], { input });
      expect(outcome.stdout === input).toBe(true);
    });
  });

  test('ten containers at once each run and end with their own output and exit code', async () => {
    const numbers = Array.from({ length: 10 }, (_, i) => i);
    const outcomes = await Promise.all(
      numbers.map((i) => engine().run([], ['sh', '-c', `echo ${i}; exit ${i}`])),
    );
    expect(outcomes.map((one) => one.code)).toEqual(numbers);
    expect(outcomes.map((one) => Number(one.stdout))).toEqual(numbers);
  });

  test('create, start, stop, remove: the state is seen at each step', async () => {
    const name = await engine().create([], ['sh', '-c', 'trap "exit 3" TERM; sleep 1000 & wait']);
    expect(await engine().inspect(name, '.State.Status')).toBe('created');
    await engine().ok('start', name);
    expect(await engine().inspect(name, '.State.Status')).toBe('running');
    const pid = await engine().pid(name);
    expect(status(pid, 'Name')).toBe('sh');
    await engine().ok('stop', name);
    expect(await engine().inspect(name, '.State.Status')).toBe('exited');
    expect(await engine().inspect(name, '.State.ExitCode')).toBe('3');
    expect(isAlive(pid)).toBe(false);
    await engine().ok('rm', name);
    expect(await engine().ok('ps', '-aq')).toBe('');
  });

  test('stop kills what ignores SIGTERM after the time given', async () => {
    const name = await engine().start([], ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done']);
    await engine().cli(['stop', '-t', '1', name]);
    expect(await engine().inspect(name, '.State.ExitCode')).toBe('137');
  });

  test('kill sends any signal', async () => {
    const script = 'trap "echo got it; exit 7" USR1; echo ready; while :; do sleep 0.05; done';
    const name = await engine().start([], ['sh', '-c', script]);
    await until('the trap', async () => (await engine().ok('logs', name)).includes('ready'));
    await engine().ok('kill', '--signal', 'USR1', name);
    expect(await engine().ok('wait', name)).toBe('7');
    expect(await engine().ok('logs', name)).toContain('got it');
  });

  test('kill of a container that has ended is refused, and says so', async () => {
    const name = await engine().create([], ['true']);
    await engine().ok('start', '--attach', name);
    const outcome = await engine().cli(['kill', name]);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/not running|state improper/);
  });

  test('pause freezes the cgroup and unpause thaws it', async () => {
    const name = await engine().start();
    const pid = await engine().pid(name);
    await engine().ok('pause', name);
    expect(isFrozen(pid)).toBe(true);
    expect(await engine().inspect(name, '.State.Status')).toBe('paused');
    await engine().ok('unpause', name);
    expect(isFrozen(pid)).toBe(false);
    expect(await engine().inspect(name, '.State.Status')).toBe('running');
  });

  test('exec into a paused container is refused', async () => {
    const name = await engine().start();
    await engine().ok('pause', name);
    const outcome = await engine().cli(['exec', name, 'true']);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/paused|not running|state improper/);
    await engine().ok('unpause', name);
  });

  test('restart gives a new process in the same root', async () => {
    const name = await engine().start([], ['sh', '-c', 'echo run >>/runs; sleep 1000']);
    const first = await engine().pid(name);
    await engine().ok('restart', '-t', '0', name);
    expect(await engine().pid(name)).not.toBe(first);
    await until('the second run', async () => {
      const runs = await engine().ok('exec', name, 'cat', '/runs');
      return runs === 'run\nrun';
    });
  });

  test('a restart policy starts it again until it has failed often enough', async () => {
    const name = await engine().start(
      ['--restart', 'on-failure:2'],
      ['sh', '-c', 'echo x; exit 1'],
    );
    await until('three runs', async () => {
      const state = await engine().inspect(name, '.State.Status');
      return state === 'exited' && (await engine().ok('logs', name)) === 'x\nx\nx';
    });
    expect(await engine().inspect(name, '.State.ExitCode')).toBe('1');
  });

  test('rm --force removes a running container and its processes', async () => {
    const name = await engine().start();
    const pid = await engine().pid(name);
    await engine().remove(name);
    expect(isAlive(pid)).toBe(false);
  });

  test('logs keep both streams, in order, after the end', async () => {
    const name = await engine().create([], ['sh', '-c', LINES]);
    await engine().ok('start', name);
    await engine().ok('wait', name);
    const logs = await engine().cli(['logs', name]);
    expect(logs).toMatchObject({ stdout: 'one\nthree\n', stderr: 'two\n' });
    expect(await engine().ok('logs', '--tail', '1', name)).toBe('three');
  });

  test('logs --follow ends when the container does', async () => {
    const name = await engine().start(
      [],
      ['sh', '-c', 'for i in 1 2 3; do echo $i; sleep 0.2; done'],
    );
    expect(await engine().ok('logs', '--follow', name)).toBe('1\n2\n3');
  });

  test('top lists the processes of the container and no others', async () => {
    const name = await engine().start([], ['sh', '-c', 'sleep 997 & sleep 998; true']);
    const top = await until('both processes', async () => {
      const text = await engine().ok('top', name);
      return text.includes('sleep 998') && text;
    });
    expect(top.trim().split('\n').slice(1)).toHaveLength(3);
    expect(top).toContain('sleep 997');
  });

  test('stats reports the memory and the number of processes', async () => {
    const name = await engine().start(['--memory', '64m']);
    const format = kind === 'docker' ? '{{.MemUsage}} {{.PIDs}}' : '{{.MemUsage}} {{.PIDS}}';
    const stats = await engine().ok('stats', '--no-stream', '--format', format, name);
    expect(stats).toMatch(/[\d.]+\s?[KkM]i?B \/ (64MiB|67.11MB) 1$/);
  });
});
