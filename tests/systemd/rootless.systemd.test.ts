/** Containers of an ordinary user: who is who inside, and what of the host can be reached. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because } from '../interop/engines/each-engine.ts';
import { namespace, status } from '../interop/engines/outside.ts';
import { mapSubordinates, UserBundle } from './rootless/bundle.ts';
import { missingLogin, readUser } from './rootless/login.ts';

const reason = missingLogin();

describe.skipIf(reason !== undefined)(`a user without root${because(reason)}`, () => {
  const user = readUser();
  let bundle: UserBundle;
  beforeAll(async () => {
    bundle = await UserBundle.open(user);
  });
  afterAll(async () => {
    expect(await bundle.close()).toEqual([]);
    expect(states()).toEqual([]);
  });
  const states = (): string[] => {
    const root = `/run/user/${user.uid}/coracle`;
    return existsSync(root) ? readdirSync(root).filter((name) => !name.startsWith('.')) : [];
  };
  const pidOf = async (id: string): Promise<number> => {
    const state: unknown = JSON.parse(await bundle.ok(`$R state ${id}`));
    return (state as { pid: number }).pid;
  };

  test('runs what spec --rootless has written, as root inside and as itself outside', async () => {
    const printed = await bundle.ok(`
      rm -f config.json; $R spec --rootless
      sed -i 's/"terminal": true/"terminal": false/; s/"sh"/"id","-u"/' config.json
      $R run spec`);
    expect(printed).toBe('0');
    bundle.configure('exec sleep 1000');
    await bundle.ok('$R run --detach self </dev/null >/dev/null 2>&1');
    const pid = await pidOf('self');
    expect(status(pid, 'Uid')).toBe([user.uid, user.uid, user.uid, user.uid].join('\t'));
    expect(namespace(pid, 'user')).not.toBe(namespace('self', 'user'));
    await bundle.ok('$R delete --force self');
  });

  test('creates, starts, enters, kills and deletes, with its state below XDG_RUNTIME_DIR', async () => {
    bundle.configure('echo hello > /started; exec sleep 1000');
    await bundle.ok('$R create life </dev/null >/dev/null 2>&1');
    expect(states()).toEqual(['life']);
    expect(existsSync(join(bundle.rootfs, 'started'))).toBe(false);
    const entered = await bundle.ok('$R start life; $R exec life sh -c "id -u; cat /started"');
    expect(entered).toBe('0\nhello');
    const pid = await pidOf('life');
    await bundle.ok(`$R kill life KILL
      for i in $(seq 50); do $R state life | grep -q stopped && break; sleep 0.1; done
      $R delete life`);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(states()).toEqual([]);
  });

  test('has its subordinate ids by newuidmap and newgidmap, and leaves its own groups', async () => {
    bundle.configure('exec sleep 1000', (config) => {
      mapSubordinates(config, user);
      Object.assign(config.process ?? {}, { user: { uid: 33, gid: 44, additionalGids: [55] } });
    });
    await bundle.ok('$R run --detach ids </dev/null >/dev/null 2>&1');
    const pid = await pidOf('ids');
    const { first, count } = user.subordinate;
    for (const [kind, own] of [
      ['uid', user.uid],
      ['gid', user.gid],
    ] as const) {
      const lines = readFileSync(`/proc/${pid}/${kind}_map`, 'utf8').trim().split('\n');
      expect(lines.map((line) => line.trim().split(/\s+/).map(Number))).toEqual([
        [0, own, 1],
        [1, first, count],
      ]);
    }
    const host = (id: number): number => first + id - 1;
    expect(status(pid, 'Uid').split('\t').map(Number)).toEqual(Array(4).fill(host(33)));
    expect(status(pid, 'Gid').split('\t').map(Number)).toEqual(Array(4).fill(host(44)));
    expect(status(pid, 'Groups').trim()).toBe(String(host(55)));
    expect(await bundle.ok('$R exec --user 7:8 ids id')).toBe('uid=7 gid=8 groups=55');
    await bundle.ok('$R delete --force ids');
  });

  test('binds a folder from a mount whose flags it may not take away', async () => {
    bundle.configure('cat /bound/file; echo more > /bound/file', (config) => {
      config.mounts?.push({
        destination: '/bound',
        type: 'bind',
        source: `/run/user/${user.uid}/coracle-bound`,
        options: ['rbind', 'ro'],
      });
    });
    const { code, stdout, stderr } = await bundle.sh(`
      mkdir $XDG_RUNTIME_DIR/coracle-bound; echo data > $XDG_RUNTIME_DIR/coracle-bound/file
      $R run bound; code=$?; rm -r $XDG_RUNTIME_DIR/coracle-bound; exit $code`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'data\n' });
    expect(stderr).toContain('Read-only file system');
  });

  test('runs hooks of every kind, those inside as root of the container', async () => {
    const hooks = ['prestart', 'createRuntime', 'createContainer', 'poststart', 'poststop'];
    bundle.configure('cat /inside', (config) => {
      const record = (name: string) => ({
        path: '/bin/sh',
        args: ['sh', '-c', `id -u > ${bundle.folder}/hook-${name}`],
      });
      const inside = { path: '/bin/sh', args: ['sh', '-c', '/bin/id -u > /inside'] };
      config.hooks = {
        ...Object.fromEntries(hooks.map((name) => [name, [record(name)]])),
        startContainer: [inside],
      };
    });
    expect(await bundle.ok('$R run hooked')).toBe('0');
    const seen = hooks.map((name) =>
      readFileSync(join(bundle.folder, `hook-${name}`), 'utf8').trim(),
    );
    const own = String(user.uid);
    expect(seen).toEqual([own, own, '0', own, own]);
  });

  test('gets a terminal that is its own', async () => {
    bundle.configure('tty; echo $((6*7))', (config) => {
      Object.assign(config.process ?? {}, { terminal: true });
    });
    const printed = await bundle.ok('script -qec "$R run tty" /dev/null');
    // script(1) hands on the end of its own input, and the terminal may echo it.
    const lines = printed.replace(/\r?\n\^@$/, '').split(/\r?\n/);
    expect(lines).toEqual(['/dev/pts/0', '42']);
  });
});
