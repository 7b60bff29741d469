/** dockerd with --userns-remap: root in every container is an ordinary user of the host. */
import { chownSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryLimit, namespace, status } from './engines/outside.ts';
import { throughDockerd, type DockerdUnderTest } from './engines/through-dockerd.ts';

const USERS = 300_000;
const GROUPS = 400_000;

/** The daemon finds the range of user `nobody` in files that only it sees. */
const choice = {
  flags: ['--userns-remap=nobody:nogroup'],
  replacements: {
    '/etc/subuid': `nobody:${USERS}:65536\n`,
    '/etc/subgid': `nobody:${GROUPS}:65536\n`,
  },
};

throughDockerd(scenarios, choice);

function scenarios({ docker, place }: DockerdUnderTest): void {
  test('the process is another user, in a user namespace of its own', async () => {
    const name = await docker().start();
    const pid = await docker().pid(name);
    expect(status(pid, 'Uid')).toMatch(new RegExp(`^${USERS}\\t`));
    expect(status(pid, 'Gid')).toMatch(new RegExp(`^${GROUPS}\\t`));
    expect(namespace(pid, 'user')).not.toBe(namespace('self', 'user'));
    const map = readFileSync(`/proc/${pid}/uid_map`, 'utf8').trim().split(/\s+/);
    expect(map).toEqual(['0', `${USERS}`, '65536']);
    expect(await docker().ok('exec', name, 'id', '-u')).toBe('0');
  });

  test('limits and the prestart hook of the bridge work all the same', async () => {
    const name = await docker().start(['--memory=64m']);
    expect(memoryLimit(await docker().pid(name))).toBe(64 * 1024 * 1024);
    expect(await docker().ok('exec', name, 'ls', '/sys/class/net')).toBe('eth0\nlo');
  });

  test('what it writes to a folder of the host belongs to the other user', async () => {
    const host = join(place().folder, 'owned');
    mkdirSync(host);
    chownSync(host, USERS, GROUPS);
    await docker().shell(['-v', `${host}:/data`], 'touch /data/file');
    expect(statSync(join(host, 'file'))).toMatchObject({ uid: USERS, gid: GROUPS });
  });

  test('a folder of the host’s root cannot be written', async () => {
    const host = join(place().folder, 'roots');
    mkdirSync(host);
    const outcome = await docker().run(['-v', `${host}:/data`], ['touch', '/data/file']);
    expect(outcome.stderr).toMatch(/Permission denied/);
  });

  test('devices are there, and the terminal belongs to root inside', async () => {
    const script = 'echo x >/dev/null && stat -c "owner %u" $(tty)';
    const terminal = docker().runInTerminal([], ['sh', '-c', script]);
    await terminal.shows(/owner 0/);
    expect(await terminal.exitCode()).toBe(0);
  });

  test('--userns=host leaves it out for one container', async () => {
    const pid = await docker().pid(await docker().start(['--userns=host']));
    expect(namespace(pid, 'user')).toBe(namespace('self', 'user'));
    expect(status(pid, 'Uid')).toMatch(/^0\t/);
  });
}
