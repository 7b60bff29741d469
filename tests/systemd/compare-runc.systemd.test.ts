/**
 * The same container by Debian's runc and by ours, both with --systemd-cgroup: every property that
 * systemd has of the two scopes, and every setting in their two directories, must be the same.
 *
 * What may differ is named, once for all containers and once for each resource that Debian's runc
 * 1.1 tells to the kernel alone, or does not know.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LinuxDeviceCgroup, LinuxResources } from 'coracle/oci';
import { Box } from './box.ts';
import { settings, show, whyNoSystemd } from './unit.ts';

const OURS = path.resolve(import.meta.dirname, '../../chapters/12-engine/bin/coracle-runtime');
const RUNC = '/usr/sbin/runc';
const hasRunc = existsSync(RUNC);

/** Those that tell one unit from any other, or the moment; runc sets its limits one by one, by drop-ins. */
const DIFFERENT =
  /^(InvocationID|Description|DropInPaths|NeedDaemonReload|ControlGroupId|.*Timestamp(Monotonic)?|.*(Current|NSec|Available|Bytes|Operations|Packets)|EffectiveCPUs|EffectiveMemoryNodes)$/;

interface Case {
  readonly what: string;
  readonly resources: LinuxResources;
  /** Properties that ours sets and runc 1.1 does not: its value, then ours. */
  readonly properties?: Readonly<Record<string, readonly [runc: string, ours: string]>>;
  /** Settings, likewise. */
  readonly files?: Readonly<Record<string, readonly [runc: string, ours: string]>>;
}

/** Since 6.12 the kernel says of the least weight that it is 1, as the least that may be set. */
const [version = 0, patchlevel = 0] = release().split('.').map(Number);
const WEIGHT_OF_IDLE = version > 6 || (version === 6 && patchlevel >= 12) ? '1' : '0';

const DENY_ALL: LinuxDeviceCgroup = { allow: false, access: 'rwm' };

const CASES: readonly Case[] = [
  { what: 'nothing', resources: {} },
  {
    what: 'memory',
    resources: { memory: { limit: 64 << 20, reservation: 32 << 20, swap: 80 << 20 } },
  },
  { what: 'memory without end', resources: { memory: { limit: -1, swap: -1 } } },
  { what: 'shares', resources: { cpu: { shares: 2 } } },
  { what: 'a quota', resources: { cpu: { quota: 50_000 } } },
  { what: 'a quota and a period', resources: { cpu: { quota: 30_000, period: 20_000 } } },
  { what: 'a period', resources: { cpu: { period: 50_000 } } },
  {
    what: 'a quota of no whole percent, which runc writes as it is until systemd writes it again',
    resources: { cpu: { quota: 12_345 } },
    files: { 'cpu.max': ['12345 100000', '13000 100000'] },
  },
  { what: 'CPUs and memory nodes', resources: { cpu: { cpus: '0', mems: '0' } } },
  { what: 'tasks', resources: { pids: { limit: 42 } } },
  { what: 'tasks without end', resources: { pids: { limit: -1 } } },
  {
    what: 'huge pages, of which runc 1.1 limits those in use and not those reserved',
    resources: { hugepageLimits: [{ pageSize: '2MB', limit: 4 << 20 }] },
    files: { 'hugetlb.2MB.rsvd.max': ['max', '4194304'] },
  },
  {
    what: 'files by name',
    resources: {
      unified: {
        'memory.max': '67108864',
        'memory.high': '50331648',
        'memory.low': '1048576',
        'memory.min': '4096',
        'memory.oom.group': '1',
        'pids.max': '20',
        'cpu.max': '25000 50000',
        'cpu.weight': '77',
        'cpuset.cpus': '0-1',
        'cpuset.mems': '0',
      },
    },
  },
  {
    what: 'idleness, which runc 1.1 does not know',
    resources: { cpu: { idle: 1 } },
    properties: { CPUWeight: ['[not set]', 'idle'] },
    files: {
      'cpu.idle': ['0', '1'],
      'cpu.weight': ['100', WEIGHT_OF_IDLE],
      'cpu.weight.nice': ['0', '19'],
    },
  },
  {
    what: 'devices',
    resources: {
      devices: [
        DENY_ALL,
        { allow: true, type: 'c', major: 1, minor: 11, access: 'rw' },
        { allow: true, type: 'c', major: 4, access: 'rwm' },
        { allow: true, type: 'b', access: 'r' },
      ],
    },
  },
  { what: 'every device', resources: { devices: [{ allow: true, access: 'rwm' }] } },
  {
    what: 'every device but one, by which systemd would take away all from runc’s',
    resources: {
      devices: [
        { allow: true, access: 'rwm' },
        { allow: false, type: 'c', major: 1, minor: 4, access: 'rwm' },
      ],
    },
    properties: { DevicePolicy: ['strict', 'auto'] },
  },
];

describe.skipIf(whyNoSystemd() !== undefined || !hasRunc)('a scope of runc and one of ours', () => {
  it.each(CASES)('with $what', ({ resources, properties = {}, files = {} }) => {
    using box = new Box();
    const theirs = create(box, RUNC, 'runc', resources);
    const ours = create(box, OURS, 'ours', resources);
    try {
      expect(ours.properties).toEqual({ ...theirs.properties, ...pick(properties, 1) });
      expect(theirs.properties).toMatchObject(pick(properties, 0));
      expect(ours.files).toEqual({ ...theirs.files, ...pick(files, 1) });
      expect(theirs.files).toMatchObject(pick(files, 0));
    } finally {
      remove(box, RUNC, 'runc');
      remove(box, OURS, 'ours');
    }
  });
});

function pick(
  differences: Readonly<Record<string, readonly [string, string]>>,
  which: 0 | 1,
): Record<string, string> {
  const entries = Object.entries(differences).map(([name, both]) => [name, both[which]] as const);
  return Object.fromEntries(entries);
}

interface Seen {
  readonly properties: Record<string, string>;
  readonly files: Record<string, string>;
}

/** Creates the container and looks at its scope; both are named as the runtime, which is taken off. */
function create(box: Box, runtime: string, who: string, resources: LinuxResources): Seen {
  box.configure((config) => {
    const cgroupsPath = `system.slice:coracletest:${box.name}${who}`;
    Object.assign(config.linux ?? {}, { cgroupsPath, resources });
  });
  call(box, runtime, '--systemd-cgroup', 'create', '--bundle', box.bundle, `${box.name}${who}`);
  const unit = `coracletest-${box.name}${who}.scope`;
  const entries = [...show(unit)]
    .filter(([name]) => !DIFFERENT.test(name))
    .map(([name, value]) => [name, comparable(name, value).replaceAll(`${box.name}${who}`, 'BOX')]);
  return {
    properties: Object.fromEntries(entries) as Record<string, string>,
    files: settings(`/sys/fs/cgroup/system.slice/${unit}`),
  };
}

function remove(box: Box, runtime: string, who: string): void {
  call(box, runtime, 'delete', '--force', `${box.name}${who}`);
}

function call(box: Box, runtime: string, ...args: readonly string[]): void {
  const root = path.join(box.folder, path.basename(runtime));
  execFileSync(runtime, ['--root', root, ...args], { stdio: 'ignore' });
}

/**
 * A list of devices in any order, a whole major number by its number; runc 1.1 writes the name of
 * /proc/devices, and leaves devices out that are not there.
 */
function comparable(name: string, value: string): string {
  if (name !== 'DeviceAllow') return value;
  const entries = value.split('\n').map((entry) => entry.replace(/^(char|block)-(\S+)/, byNumber));
  return entries.filter(isPresent).toSorted().join('\n');
}

function byNumber(entry: string, kind: 'char' | 'block', name: string): string {
  const [characters = '', blocks = ''] = readFileSync('/proc/devices', 'utf8').split(
    'Block devices:',
  );
  const list = kind === 'char' ? characters : blocks;
  const major = new RegExp(`^\\s*(\\d+) ${name}$`, 'm').exec(list)?.[1];
  return major === undefined ? entry : `${kind}-${major}`;
}

function isPresent(entry: string): boolean {
  const device = /^\/dev\/(?:char|block)\/\d+:\d+/.exec(entry)?.[0];
  return device === undefined || existsSync(`/sys${device}`);
}
