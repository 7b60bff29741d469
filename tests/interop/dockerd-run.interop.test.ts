/** Options of `docker run` that podman has not, or treats differently before the runtime sees them. */
import { expect, test } from 'vitest';
import { run } from './engines/command.ts';
import { IMAGE } from './engines/image.ts';
import { isAlive, pidsLimit, status } from './engines/outside.ts';
import { throughDockerd } from './engines/through-dockerd.ts';
import { until } from './engines/until.ts';

const NEW_USER_NAMESPACE = ['unshare', '-U', 'echo', 'made'];

throughDockerd(({ docker }) => {
  test('--workdir is made if it is missing', async () => {
    expect(await docker().shell(['--workdir', '/made/here'], 'pwd')).toBe('/made/here');
  });

  test('docker’s seccomp profile refuses a new user namespace, in exec too', async () => {
    // Making one needs no capability, so nothing but the profile can refuse it.
    const outcome = await docker().run([], NEW_USER_NAMESPACE);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/Operation not permitted/);
    const inside = await docker().cli(['exec', await docker().start(), ...NEW_USER_NAMESPACE]);
    expect(inside.stderr).toMatch(/Operation not permitted/);
  });

  test('exec --privileged gives one process more than the container has', async () => {
    const name = await docker().start(['--cap-drop=ALL', '--cap-add=NET_ADMIN']);
    const text = await docker().cli([
      'exec',
      '--privileged',
      name,
      'grep',
      'CapEff',
      '/proc/self/status',
    ]);
    // dockerd 20.10 knows those up to CAP_AUDIT_READ (37), and a newer kernel more.
    const known = BigInt(`0x${status(process.pid, 'CapBnd')}`) & 0x3fffffffffn;
    const all = known.toString(16).padStart(16, '0');
    // Where the machine lacks a capability, dockerd's wish for all of them cannot be met.
    expect(text.stdout).toMatch(new RegExp(`^CapEff:\\t${all}\n$|operation not permitted`));
    expect(await docker().inspect(name, '.State.Status')).toBe('running');
  });

  test('update --pids-limit changes a running container', async () => {
    const name = await docker().start(['--pids-limit', '20']);
    const pid = await docker().pid(name);
    await docker().ok('update', '--pids-limit', '30', name);
    expect(pidsLimit(pid)).toBe('30');
  });

  test('a signal to the client reaches the container', async () => {
    const script = 'trap "echo got it; exit 3" TERM; echo ready; while :; do sleep 0.05; done';
    const client = docker().commandLine(['run', '--name=front', IMAGE, 'sh', '-c', script]);
    const waitAndKill = `"$@" & until "$1" logs front 2>&1 | grep -q ready; do sleep 0.1; done
      kill -TERM $!; wait $!`;
    const outcome = await run(['sh', '-c', waitAndKill, 'sh', ...client], {
      env: docker().environment,
    });
    expect(outcome).toMatchObject({ code: 3, stdout: 'ready\ngot it\n' });
  });

  test('events tell of the life in its order', async () => {
    const since = String(Math.floor(Date.now() / 1000) - 1);
    const name = await docker().create([], ['sh', '-c', 'exit 4']);
    await docker()
      .ok('start', '--attach', name)
      .catch(() => undefined);
    const flags = ['--filter', `container=${name}`, '--format', '{{.Action}}', '--since', since];
    const seen = await until('the end', async () => {
      const end = String(Math.floor(Date.now() / 1000) + 1);
      const text = await docker().ok('events', ...flags, '--until', end);
      return text.includes('die') && text.split('\n');
    });
    const life = seen.filter((action) => ['create', 'start', 'die'].includes(action));
    expect(life).toEqual(['create', 'start', 'die']);
  });

  test('the processes of one container never see or reach those of another', async () => {
    const first = await docker().start();
    const second = await docker().start();
    const pid = await docker().pid(first);
    await docker().cli(['exec', second, 'sh', '-c', `kill -9 ${pid}; kill -9 -1`]);
    expect(isAlive(pid)).toBe(true);
  });
});
