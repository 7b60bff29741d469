/** What dockerd alone does with the runtime: networks, health, builds, restarts of the daemon. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive, isFrozen, memoryLimit, status } from './engines/outside.ts';
import { IMAGE } from './engines/image.ts';
import { throughDockerd, type DockerdUnderTest } from './engines/through-dockerd.ts';
import { until } from './engines/until.ts';

throughDockerd(
  (under) => {
    describe('networks', () => {
      networkScenarios(under);
    });
    describe('health checks', () => {
      healthScenarios(under);
    });
    describe('images made with the runtime', () => {
      buildScenarios(under);
    });
    describe('the daemon ends', () => {
      daemonScenarios(under);
    });
    describe('the choice of runtime', () => {
      runtimeScenarios(under);
    });
  },
  { flags: ['--live-restore'] },
);

function networkScenarios({ docker }: DockerdUnderTest): void {
  test('on the bridge a container has an address, and reaches another by it', async () => {
    const script = 'while :; do echo hello | nc -l -p 80; done';
    const server = await docker().start([], ['sh', '-c', script]);
    const address = await docker().inspect(server, '.NetworkSettings.IPAddress');
    expect(address).toMatch(/^172\.\d+\.\d+\.\d+$/);
    expect(await docker().ok('exec', server, 'hostname', '-i')).toBe(address);
    const text = await until('an answer', async () => {
      return (await docker().run([], ['nc', '-w', '2', address, '80'])).stdout;
    });
    expect(text).toBe('hello\n');
  });

  test('a published port leads to the container', async () => {
    const command = ['sh', '-c', 'while :; do echo hello | nc -l -p 80; done'];
    const name = await docker().start(['--publish', '127.0.0.1:18080:80'], command);
    expect(await docker().ok('port', name, '80')).toBe('127.0.0.1:18080');
    // Asked from the engine's own network namespace, which is where the port is.
    const text = await until('an answer', async () => {
      const ask = ['nc', '-w', '2', '127.0.0.1', '18080'];
      return (await docker().run(['--network=host'], ask)).stdout;
    });
    expect(text).toBe('hello\n');
  });

  test('on a network of its own, names resolve and outsiders do not get in', async () => {
    await docker().ok('network', 'create', 'crew');
    const server = await docker().start(['--network=crew']);
    expect(await docker().shell(['--network=crew'], `ping -c 1 -W 2 ${server}`)).toContain(
      '1 packets received',
    );
    expect((await docker().run([], ['ping', '-c', '1', '-W', '1', server])).code).not.toBe(0);
    await docker().remove(server);
    await docker().ok('network', 'rm', 'crew');
  });

  test('a running container joins and leaves a network', async () => {
    await docker().ok('network', 'create', 'second');
    const name = await docker().start();
    const devices = (): Promise<string> => docker().ok('exec', name, 'ls', '/sys/class/net');
    expect(await devices()).toBe('eth0\nlo');
    await docker().ok('network', 'connect', 'second', name);
    expect(await devices()).toBe('eth0\neth1\nlo');
    await docker().ok('network', 'disconnect', 'second', name);
    expect(await devices()).toBe('eth0\nlo');
    await docker().ok('network', 'rm', 'second');
  });
}

function healthScenarios({ docker }: DockerdUnderTest): void {
  const flags = ['--health-interval=1s', '--health-retries=1', '--health-timeout=5s'];
  const health = (name: string): Promise<string> => docker().inspect(name, '.State.Health.Status');

  test('a check that succeeds makes the container healthy, and one that fails unhealthy', async () => {
    const command = ['sh', '-c', 'touch /tmp/well; sleep 1000'];
    const name = await docker().start([...flags, '--health-cmd=test -e /tmp/well'], command);
    await until('health', async () => (await health(name)) === 'healthy');
    await docker().ok('exec', name, 'rm', '/tmp/well');
    await until('illness', async () => (await health(name)) === 'unhealthy');
  });
}

function buildScenarios({ docker, place }: DockerdUnderTest): void {
  test('build runs its steps through the runtime', async () => {
    const context = join(place().folder, 'context');
    mkdirSync(context, { recursive: true });
    const steps = [
      `FROM ${IMAGE}`,
      'RUN mkdir /work && echo built >/work/file && chown 1000:1000 /work/file',
      'USER guest',
      'WORKDIR /work',
      'RUN id -u >>file',
      'CMD ["cat", "file"]',
    ];
    writeFileSync(join(context, 'Dockerfile'), steps.join('\n'));
    await docker().ok('build', '--quiet', '--tag', 'coracle.test/built', context);
    expect(await docker().runImage('coracle.test/built')).toBe('built\n1000');
    await docker().ok('image', 'rm', 'coracle.test/built');
  });

  test('a step that fails fails the build with its exit code', async () => {
    const context = join(place().folder, 'failing');
    mkdirSync(context, { recursive: true });
    writeFileSync(join(context, 'Dockerfile'), `FROM ${IMAGE}\nRUN exit 43\n`);
    const outcome = await docker().cli(['build', '--force-rm', context]);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/returned a non-zero code: 43/);
  });
}

function daemonScenarios({ docker, dockerd }: DockerdUnderTest): void {
  const COUNTS = 'i=0; trap "exit 7" TERM; while :; do i=$((i+1)); echo $i; sleep 0.1; done';

  test('by kill -9: the container runs on, and the next daemon has its output and exit code', async () => {
    const name = await docker().start([], ['sh', '-c', COUNTS]);
    const pid = await docker().pid(name);
    await dockerd().daemon.stop('SIGKILL');
    expect(isAlive(pid)).toBe(true);
    await dockerd().restart();
    expect(await docker().pid(name)).toBe(pid);
    await docker().ok('exec', name, 'true');
    await docker().ok('kill', '--signal', 'TERM', name);
    expect(await docker().ok('wait', name)).toBe('7');
  });

  test('in good order, live-restore: likewise, also paused and limited', async () => {
    const name = await docker().start(['--memory=64m']);
    const pid = await docker().pid(name);
    await docker().ok('pause', name);
    await dockerd().daemon.stop();
    expect(isFrozen(pid)).toBe(true);
    await dockerd().restart();
    expect(await docker().inspect(name, '.State.Status')).toBe('paused');
    await docker().ok('unpause', name);
    expect(memoryLimit(pid)).toBe(64 * 1024 * 1024);
  });

  test('the container ends while no daemon runs: the next one knows', async () => {
    const name = await docker().start();
    const pid = await docker().pid(name);
    await dockerd().daemon.stop('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await until('the end', () => !isAlive(pid));
    await dockerd().restart();
    expect(await docker().inspect(name, '.State.Status')).toBe('exited');
    expect(await docker().inspect(name, '.State.ExitCode')).toBe('137');
    await docker().ok('rm', name);
  });

  test('containerd ends by kill -9: the container runs on and takes commands again', async () => {
    const name = await docker().start();
    const pid = await docker().pid(name);
    await dockerd().containerd.restart('SIGKILL');
    expect(isAlive(pid)).toBe(true);
    const text = await until('an exec', async () => {
      return docker().ok('exec', name, 'echo', 'still here');
    });
    expect(text).toBe('still here');
    await docker().ok('restart', '-t', '0', name);
    expect(status(await docker().pid(name), 'State')).toMatch(/^[SR]/);
  });
}

function runtimeScenarios({ docker }: DockerdUnderTest): void {
  test('info names it as the default', async () => {
    expect(await docker().ok('info', '--format', '{{.DefaultRuntime}}')).toBe('under-test');
  });

  test('--runtime chooses it, beside the daemon’s own', async () => {
    const name = await docker().start(['--runtime=under-test']);
    expect(await docker().inspect(name, '.HostConfig.Runtime')).toBe('under-test');
  });
}
