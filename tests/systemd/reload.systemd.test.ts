/** systemd reads its units again, or starts itself again: no container's limits may change by that. */
import { describe, expect, it } from 'vitest';
import type { LinuxDeviceCgroup, LinuxResources } from 'coracle/oci';
import { Box, cgroupOf } from './box.ts';
import { properties, settings, systemctl, systemdVersion, whyNoSystemd } from './unit.ts';

/** One of each kind: what systemd has words for, has rounded words for, and has none for. */
const RESOURCES: LinuxResources = {
  memory: { limit: 64 << 20, reservation: 32 << 20, swap: 96 << 20 },
  cpu: { shares: 512, quota: 12_345, period: 50_000, burst: 1000, cpus: '0', mems: '0' },
  pids: { limit: 42 },
  hugepageLimits: [{ pageSize: '2MB', limit: 4 << 20 }],
  unified: { 'memory.high': '50331648', 'memory.oom.group': '1' },
};

const DENY_ALL: LinuxDeviceCgroup = { allow: false, access: 'rwm' };
const KMSG = { type: 'c' as const, major: 1, minor: 11 };
const PORT = { type: 'c' as const, major: 1, minor: 4 };

/** Rules under which kmsg may be used and port may not. */
const RULES: readonly (readonly [string, LinuxDeviceCgroup[]])[] = [
  ['that systemd can say', [DENY_ALL, { allow: true, ...KMSG, access: 'rwm' }]],
  [
    'of all devices but one',
    [
      { allow: true, access: 'rwm' },
      { allow: false, ...PORT, access: 'rwm' },
    ],
  ],
];

const RELOADS = ['daemon-reload', 'daemon-reexec'];

describe.skipIf(whyNoSystemd() !== undefined).each(RELOADS)('%s', (reload) => {
  it('leaves every limit as it is', () => {
    using box = new Box();
    box.configure((config) => Object.assign(config.linux ?? {}, { resources: RESOURCES }));
    const pid = box.start();
    const before = settings(box.directory);
    expect(before).toMatchObject({
      'pids.max': '42',
      'cpu.max': '12500 50000',
      'cpu.weight': '59',
    });
    systemctl(reload);
    const after = settings(box.directory);
    // A scope without OOMPolicy, which came with 253, may have the default again.
    if (systemdVersion() < 253) after['memory.oom.group'] = before['memory.oom.group'] ?? '';
    expect(after).toEqual(before);
    expect(cgroupOf(pid)).toBe(`/system.slice/${box.unit}`);
  });

  it('leaves an idle container idle', () => {
    using box = new Box();
    box.configure((config) =>
      Object.assign(config.linux ?? {}, { resources: { cpu: { idle: 1 } } }),
    );
    box.start();
    expect(settings(box.directory)['cpu.idle']).toBe('1');
    systemctl(reload);
    expect(settings(box.directory)['cpu.idle']).toBe('1');
  });

  it('leaves what an update has changed', () => {
    using box = new Box();
    box.start();
    box.runtime.update('box', {
      memory: { limit: 64 << 20 },
      pids: { limit: 7 },
      cpu: { quota: 5001 },
    });
    const before = settings(box.directory);
    systemctl(reload);
    expect(settings(box.directory)).toEqual(before);
  });

  it.each(RULES)('leaves devices as they are, by rules %s', (_, devices) => {
    using box = new Box();
    box.configure((config) =>
      Object.assign(config.linux ?? {}, { resources: { devices }, devices: NODES }),
    );
    box.start();
    const used = (): Record<string, number> => ({
      // Whoever only writes needs no CAP_SYSLOG.
      kmsg: box.shell('test -e /dev/mine-kmsg && : >>/dev/mine-kmsg'),
      port: box.shell('test -e /dev/mine-port && : </dev/mine-port'),
      null: box.shell(': </dev/null'),
    });
    const before = used();
    expect(before).toEqual({ kmsg: 0, port: 1, null: 0 });
    systemctl(reload);
    expect(used()).toEqual(before);
    // A neighbour's change is what makes systemd look at all of a slice's units again.
    systemctl('set-property', '--runtime', box.unit, 'IPAccounting=no');
    expect(used()).toEqual(before);
    expect(properties(box.unit, 'ActiveState')).toEqual({ ActiveState: 'active' });
  });
});

const NODES = [
  { path: '/dev/mine-kmsg', ...KMSG },
  { path: '/dev/mine-port', ...PORT },
];
