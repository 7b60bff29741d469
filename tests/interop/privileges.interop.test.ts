/** What a container may do: its user, its capabilities, its system calls. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { throughEachEngine, type EngineUnderTest } from './engines/each-engine.ts';
import { canRaiseLimits, status } from './engines/outside.ts';

/** Docker's fourteen default capabilities, as in /proc/PID/status; Debian's podman has the same. */
const DEFAULTS = '00000000a80425fb';
const NONE = '0000000000000000';
const NET_ADMIN = '0000000000001000';

const SETS = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'];

throughEachEngine(
  (under) => {
    describe('user', () => {
      users(under);
    });
    describe('capabilities', () => {
      capabilities(under);
    });
    describe('system calls', () => {
      systemCalls(under);
    });
    describe('--privileged', () => {
      privileged(under);
    });
  },
  { clients: 'newest' },
);

function users({ engine }: EngineUnderTest): void {
  const script = 'id -u; id -g; id -G';

  test('root unless said otherwise, with no groups of the host', async () => {
    expect(await engine().shell([], script)).toMatch(/^0\n0\n0/);
  });

  test('by name, with the groups that the image gives it', async () => {
    expect(await engine().shell(['--user', 'guest'], script)).toBe('1000\n1000\n1000 2000');
  });

  test('by numbers that the image does not know', async () => {
    const pid = await engine().pid(await engine().start(['--user', '1234:5678']));
    expect(status(pid, 'Uid').split('\t')).toEqual(['1234', '1234', '1234', '1234']);
    expect(status(pid, 'Gid').split('\t')).toEqual(['5678', '5678', '5678', '5678']);
    expect(status(pid, 'Groups').trim()).toMatch(/^(5678)?$/);
  });

  test('--group-add adds groups, by name and by number', async () => {
    const flags = ['--user', '1234:5678', '--group-add', 'extra', '--group-add', '4321'];
    const pid = await engine().pid(await engine().start(flags));
    const groups = status(pid, 'Groups').trim().split(' ');
    expect(groups).toEqual(expect.arrayContaining(['2000', '4321']));
  });

  test('the environment is what was asked for, and HOME is the user’s', async () => {
    const flags = ['--user', 'guest', '--env', 'A=b c', '--hostname', 'boat'];
    const lines = (await engine().shell(flags, 'env')).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining(['A=b c', 'HOSTNAME=boat', 'PATH=/bin', 'HOME=/']),
    );
    expect(lines.filter((line) => /^(NODE_|CORACLE_|CONTAINERS_|_OCI)/.test(line))).toEqual([]);
  });
}

function capabilities({ engine }: EngineUnderTest): void {
  async function sets(...flags: string[]): Promise<string[]> {
    const pid = await engine().pid(await engine().start(flags));
    return SETS.map((set) => status(pid, set));
  }

  test('the defaults are permitted, effective and bounding, never inheritable nor ambient', async () => {
    expect(await sets()).toEqual([NONE, DEFAULTS, DEFAULTS, DEFAULTS, NONE]);
  });

  test('dropping all leaves none', async () => {
    expect(await sets('--cap-drop', 'ALL')).toEqual([NONE, NONE, NONE, NONE, NONE]);
  });

  test('dropping all and adding one leaves that one', async () => {
    const flags = ['--cap-drop', 'ALL', '--cap-add', 'NET_ADMIN'];
    expect(await sets(...flags)).toEqual([NONE, NET_ADMIN, NET_ADMIN, NET_ADMIN, NONE]);
  });

  test('a user other than root has none in effect', async () => {
    expect(await sets('--user', 'guest')).toEqual([NONE, NONE, NONE, DEFAULTS, NONE]);
  });

  test('a process of exec gets those of the container, and no more', async () => {
    const name = await engine().start(['--cap-drop', 'ALL', '--cap-add', 'NET_ADMIN']);
    const text = await engine().ok('exec', name, 'grep', 'CapEff', '/proc/self/status');
    expect(text).toBe(`CapEff:\t${NET_ADMIN}`);
  });

  test('without CHOWN not even root changes an owner', async () => {
    const outcome = await engine().run(['--cap-drop', 'CHOWN'], ['chown', '1000', '/tmp']);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/Operation not permitted/);
  });

  test('no-new-privileges is on the process', async () => {
    const flags = ['--security-opt', 'no-new-privileges'];
    const pid = await engine().pid(await engine().start(flags));
    expect(status(pid, 'NoNewPrivs')).toBe('1');
    expect(status(await engine().pid(await engine().start()), 'NoNewPrivs')).toBe('0');
  });
}

function systemCalls({ engine, folder }: EngineUnderTest): void {
  const NEW_USER_NAMESPACE = ['unshare', '-U', 'echo', 'made'];
  const FILTER = '2';

  test('the engine’s default profile is in force, for processes of exec too', async () => {
    const name = await engine().start();
    expect(status(await engine().pid(name), 'Seccomp')).toBe(FILTER);
    const text = await engine().ok('exec', name, 'grep', 'Seccomp:', '/proc/self/status');
    expect(text).toBe(`Seccomp:\t${FILTER}`);
  });

  // podman’s profile allows what docker’s refuses; dockerd has that test on its own.
  test('seccomp=unconfined switches it off', async () => {
    const flags = ['--security-opt', 'seccomp=unconfined'];
    const pid = await engine().pid(await engine().start(flags));
    expect(status(pid, 'Seccomp')).toBe('0');
    expect(await engine().run(flags, NEW_USER_NAMESPACE)).toMatchObject({ stdout: 'made\n' });
  });

  test('a profile of one’s own decides the error number of a call', async () => {
    const EXDEV = 18;
    const profile = join(folder(), 'profile.json');
    const rule = { names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: EXDEV };
    const architectures = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64'];
    const content = { defaultAction: 'SCMP_ACT_ALLOW', architectures, syscalls: [rule] };
    writeFileSync(profile, JSON.stringify(content));
    const flags = ['--security-opt', `seccomp=${profile}`];
    const outcome = await engine().run(flags, [
      'sh',
      '-c',
      'mkdir /new; touch /file && echo rest works',
    ]);
    expect(outcome.stderr).toMatch(
      /mkdir: can't create directory '\/new': (Invalid c|C)ross-device link/,
    );
    expect(outcome.stdout).toBe('rest works\n');
  });

  test('a profile can compare arguments: one signal is refused, another is not', async () => {
    const profile = join(folder(), 'signals.json');
    const SIGUSR2 = 12;
    const args = [{ index: 1, value: SIGUSR2, op: 'SCMP_CMP_EQ' }];
    const rule = { names: ['kill'], action: 'SCMP_ACT_ERRNO', args };
    writeFileSync(profile, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] }));
    const flags = ['--security-opt', `seccomp=${profile}`];
    const script = 'trap "echo one" USR1; trap "echo two" USR2; kill -USR1 $$; kill -USR2 $$; true';
    const outcome = await engine().run(flags, ['sh', '-c', script]);
    expect(outcome.stdout).toBe('one\n');
    expect(outcome.stderr).toMatch(/Operation not permitted/);
  });
}

function privileged({ kind, engine }: EngineUnderTest): void {
  async function givesAll(): Promise<void> {
    const pid = await engine().pid(await engine().start(['--privileged']));
    expect(status(pid, 'CapEff')).toBe(status(process.pid, 'CapBnd'));
    expect(status(pid, 'Seccomp')).toBe('0');
    const script =
      'mkdir /m && mount -t tmpfs t /m && echo mounted; test -e /dev/tty1 && echo devices';
    expect(await engine().shell(['--privileged'], script)).toBe('mounted\ndevices');
  }

  async function givesWhatThereIs(): Promise<void> {
    const pid = await engine().pid(await engine().start(['--privileged']));
    const [given, bound] = [status(pid, 'CapEff'), status(process.pid, 'CapBnd')].map((mask) =>
      BigInt(`0x${mask}`),
    );
    expect((given ?? 0n) & ~(bound ?? 0n)).toBe(0n);
    expect(
      await engine().shell(['--privileged'], 'mkdir /m && mount -t tmpfs t /m && echo yes'),
    ).toBe('yes');
  }

  /** runc refuses; the specification would have a runtime warn and give what there is. */
  async function isRefusedOrGivesWhatThereIs(): Promise<void> {
    const outcome = await engine().run(['--privileged'], ['true']);
    if (outcome.code === 0) return givesWhatThereIs();
    expect(outcome.code).toBe(125);
    expect(outcome.stderr).toMatch(/unable to apply caps|CAP_|capabilit/i);
    expect(outcome.stderr).toMatch(/operation not permitted/i);
  }

  test('gives all the machine has, or is refused where the engine wants more', async () => {
    // dockerd asks for every capability it knows, and one that is gone for good cannot be given.
    if (kind === 'docker' && !canRaiseLimits()) await isRefusedOrGivesWhatThereIs();
    else await givesAll();
  });

  test('SYS_ADMIN alone, without a profile, lets a container mount', async () => {
    const flags = ['--cap-add', 'SYS_ADMIN', '--security-opt', 'seccomp=unconfined'];
    const script = 'mkdir /m && mount -t tmpfs t /m && grep -c " /m " /proc/mounts';
    expect(await engine().shell(flags, script)).toBe('1');
  });
}
