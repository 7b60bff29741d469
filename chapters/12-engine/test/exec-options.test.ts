/** The process that the flags of `exec` describe. */
import { describe, expect, it } from 'vitest';
import type { Process } from 'coracle/oci';
import type { Call } from '../src/runtime-cli/command.ts';
import { EXEC_FLAGS, execCgroups, execProcess } from '../src/runtime-cli/exec-options.ts';
import { parseFlags } from '../src/runtime-cli/flags.ts';
import { Log } from '../src/runtime-cli/log.ts';

const OWN: Process = {
  terminal: true,
  args: ['sh'],
  cwd: '/home',
  env: ['PATH=/bin', 'A=0'],
  user: { uid: 1, gid: 2, additionalGids: [3] },
  capabilities: { bounding: ['CAP_KILL'], effective: ['CAP_KILL'], permitted: ['CAP_KILL'] },
  noNewPrivileges: true,
};

function processOf(line: string, own: Process | undefined = OWN): Process {
  const { values, args } = parseFlags(EXEC_FLAGS, line.split(' '), true);
  const call: Call = {
    flags: values,
    args,
    root: '/r',
    ownRoot: false,
    cgroupDriver: 'cgroupfs',
    rootless: undefined,
    log: new Log(),
  };
  return execProcess(own, call);
}

describe('without flags', () => {
  it('is the container’s own, with another program and no terminal', () => {
    expect(processOf('box ls -l')).toEqual({ ...OWN, args: ['ls', '-l'], terminal: false });
  });

  it('needs a program', () => {
    expect(() => processOf('box')).toThrow('process args cannot be empty');
  });
});

describe('a flag', () => {
  it.each<[string, Partial<Process>]>([
    ['--cwd /tmp', { cwd: '/tmp' }],
    ['-t', { terminal: true }],
    ['--env A=1 -e B=2', { env: ['PATH=/bin', 'A=0', 'A=1', 'B=2'] }],
    ['--user 7', { user: { uid: 7, gid: 2, additionalGids: [3] } }],
    ['-u 7:8', { user: { uid: 7, gid: 8, additionalGids: [3] } }],
    ['-g 4 -g 5', { user: { uid: 1, gid: 2, additionalGids: [3, 4, 5] } }],
    ['--no-new-privs=false', { noNewPrivileges: false }],
    ['--apparmor p --process-label l', { apparmorProfile: 'p', selinuxLabel: 'l' }],
    [
      '--cap CAP_CHOWN',
      {
        capabilities: {
          bounding: ['CAP_KILL', 'CAP_CHOWN'],
          effective: ['CAP_KILL', 'CAP_CHOWN'],
          permitted: ['CAP_KILL', 'CAP_CHOWN'],
        },
      },
    ],
  ])('%s changes its part', (flags, changed) => {
    const expected = { ...OWN, args: ['ls'], terminal: false, ...changed };
    expect(processOf(`${flags} box ls`)).toEqual(expected);
  });

  it('gives an ambient capability only to who has inheritable ones', () => {
    const own = { ...OWN, capabilities: { inheritable: ['CAP_KILL'] } };
    expect(processOf('-c CAP_CHOWN box ls', own).capabilities?.ambient).toEqual(['CAP_CHOWN']);
  });

  it.each([
    ['--user root', 'bad uid: "root" is no number'],
    ['--user 1:wheel', 'bad gid: "wheel" is no number'],
    ['--user -1', 'bad uid: "-1"'],
    ['--user 4294967295', 'bad uid: "4294967295"'],
    ['--additional-gids -1', 'additional-gids must be a positive number -1'],
    ['--cwd tmp', 'Cwd must be an absolute path'],
    ['--process /nowhere/process.json', '--process /nowhere/process.json: ENOENT'],
  ])('%s is refused', (flags, message) => {
    expect(() => processOf(`${flags} box ls`)).toThrow(message);
  });
});

describe('sub-cgroups', () => {
  it.each([
    [[], []],
    [['/sub'], ['/sub']],
    [
      ['cpu,cpuacct:/sub', 'memory:/sub'],
      ['cpu,cpuacct:/sub', 'memory:/sub'],
    ],
  ])('%j are taken', (given, expected) => expect(execCgroups(given)).toEqual(expected));

  it.each([
    [['/a', '/b'], 'invalid --cgroup argument: /a (missing <controller>: prefix)'],
    [[':/a'], 'invalid --cgroup argument: :/a (empty <controller> prefix)'],
    [['cpu,:/a'], 'invalid --cgroup argument: cpu,:/a (empty <controller> prefix)'],
    [['cpu:/a', 'cpu:/b'], 'invalid --cgroup argument(s): controller cpu specified multiple times'],
  ])('%j are refused', (given, message) => expect(() => execCgroups(given)).toThrow(message));
});
