/**
 * What a user sees when a container cannot start. The engines read the runtime's error text to
 * choose between 127 (nothing to execute), 126 (it cannot be executed) and 125 or 126 (the
 * rest), so the text is part of the runtime's contract.
 */
import { describe, expect, test } from 'vitest';
import { canRaiseLimits, limits } from './engines/outside.ts';
import { throughEachEngine, type EngineUnderTest } from './engines/each-engine.ts';

throughEachEngine((under) => {
  describe('run', () => {
    runErrors(under);
  });
  describe('exec', () => {
    execErrors(under);
  });
  describe('other requests', () => {
    otherErrors(under);
  });
});

function runErrors({ engine }: EngineUnderTest): void {
  test('a program that is not on PATH: 127, and the program is named', async () => {
    const outcome = await engine().run([], ['no-such-program']);
    expect(outcome.code).toBe(127);
    expect(outcome.stderr).toMatch(/"no-such-program": executable file not found in \$PATH/);
  });

  test('a path that does not exist: 127', async () => {
    const outcome = await engine().run([], ['/no/such/program']);
    expect(outcome.code).toBe(127);
    expect(outcome.stderr).toMatch(/\/no\/such\/program.*no such file or directory/);
  });

  test('a file without execute permission: 126', async () => {
    const outcome = await engine().run([], ['/bin/not-executable']);
    expect(outcome.code).toBe(126);
    expect(outcome.stderr).toMatch(/permission denied/i);
  });

  test('a folder: 126', async () => {
    const outcome = await engine().run([], ['/etc']);
    expect(outcome.code).toBe(126);
    expect(outcome.stderr).toMatch(/permission denied|is a directory/i);
  });

  test('a script whose interpreter is missing fails, and says so', async () => {
    // Found only by execve itself, when the container has been started: no certain exit code.
    const outcome = await engine().run([], ['/bin/no-interpreter']);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/no such file or directory/);
  });

  test('a limit above the inherited one needs a capability, and is refused by name', async () => {
    const above = Number(limits(process.pid, 'Max open files')[1]) + 1;
    const flags = [`--ulimit=nofile=${above}:${above}`, '--ulimit=nproc=1000:1000'];
    const outcome = await engine().run(flags, ['sh', '-c', 'ulimit -n']);
    if (canRaiseLimits()) {
      expect(outcome).toMatchObject({ code: 0, stdout: `${above}\n` });
    } else {
      expect([125, 126]).toContain(outcome.code);
      expect(outcome.stderr).toMatch(/rlimit.*operation not permitted/i);
    }
  });

  test('a user that does not exist is refused', async () => {
    const outcome = await engine().run(['--user', 'nobody-here'], ['true']);
    expect([125, 126]).toContain(outcome.code);
    expect(outcome.stderr).toMatch(/nobody-here/);
  });

  test('a container that failed to start is there to be inspected, and can be removed', async () => {
    const name = await engine().create([], ['no-such-program']);
    const start = await engine().cli(['start', name]);
    expect(start.code).not.toBe(0);
    expect(start.stderr).toMatch(/executable file not found/);
    expect(await engine().inspect(name, '.State.Running')).toBe('false');
    await engine().ok('rm', name);
  });
}

function execErrors({ engine }: EngineUnderTest): void {
  test('a program that is not on PATH: 127 or the engine 126, and the container lives on', async () => {
    const name = await engine().start();
    const outcome = await engine().cli(['exec', name, 'no-such-program']);
    expect([126, 127]).toContain(outcome.code);
    expect(outcome.stdout + outcome.stderr).toMatch(/executable file not found in \$PATH/);
    expect(await engine().inspect(name, '.State.Status')).toBe('running');
  });

  test('a file without execute permission: 126', async () => {
    const name = await engine().start();
    const outcome = await engine().cli(['exec', name, '/bin/not-executable']);
    expect(outcome.code).toBe(126);
    expect(outcome.stdout + outcome.stderr).toMatch(/permission denied/i);
  });

  test('a working directory that does not exist is refused', async () => {
    const name = await engine().start();
    const outcome = await engine().cli(['exec', '--workdir', '/no/such', name, 'true']);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stdout + outcome.stderr).toMatch(/no such file or directory/);
  });

  test('a container that has ended takes none', async () => {
    const name = await engine().create([], ['true']);
    await engine().ok('start', '--attach', name);
    const outcome = await engine().cli(['exec', name, 'true']);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/not running|state improper/);
  });
}

function otherErrors({ engine }: EngineUnderTest): void {
  test('rm without --force of a running container is refused, and it runs on', async () => {
    const name = await engine().start();
    const outcome = await engine().cli(['rm', name]);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/running/);
    expect(await engine().inspect(name, '.State.Status')).toBe('running');
  });

  test('unpause of a container that is not paused is refused', async () => {
    const name = await engine().start();
    const outcome = await engine().cli(['unpause', name]);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/not paused/);
  });

  test('a second pause is refused', async () => {
    const name = await engine().start();
    await engine().ok('pause', name);
    const outcome = await engine().cli(['pause', name]);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/already paused|not running|state improper/);
    await engine().ok('unpause', name);
  });

  test('a bind mount from nowhere is refused, and nothing is left to clean', async () => {
    const mount = ['--mount', 'type=bind,source=/no/such/folder,target=/mnt'];
    const outcome = await engine().run(mount, ['true']);
    expect([125, 126]).toContain(outcome.code);
    expect(outcome.stderr).toMatch(/\/no\/such\/folder/);
    expect(await engine().ok('ps', '-aq')).toBe('');
  });
}
