/** A healthy machine as the doctor reports it; tests change what they are about. */
import type { Report, TriedFeature } from '../../../chapters/12-engine/workbook/doctor/report.ts';

export function feature(name: string, change: Partial<TriedFeature> = {}): TriedFeature {
  return {
    group: 'Needed',
    name,
    needs: 'Linux 5.6',
    usedBy: 'runtime',
    without: 'No container is created.',
    required: true,
    answer: 'yes',
    ...change,
  };
}

export function healthy(change: Partial<Report> = {}): Report {
  return {
    machine: {
      kernel: '6.1.0-41-amd64',
      architecture: 'x64',
      distribution: 'Debian GNU/Linux 12 (bookworm)',
      cgroups: { kind: 'v2', controllers: { 1: [], 2: ['cpu', 'memory', 'pids'] } },
      systemd: { version: '252', running: true },
      securityModules: ['capability', 'apparmor'],
      user: { name: 'root', uid: 0, subordinateUids: [], subordinateGids: [], cgroup: '/' },
      virtualization: { qemu: '/usr/bin/qemu-system-x86_64', kvm: { answer: 'yes' } },
    },
    packages: [],
    features: [feature('openat2'), feature('pidfd')],
    leftovers: [],
    ...change,
  };
}

/** The same for a user without root. */
export function unprivileged(change: Partial<Report> = {}): Report {
  const report = healthy(change);
  const user = {
    name: 'vagrant',
    uid: 1000,
    subordinateUids: ['100000:65536'],
    subordinateGids: ['100000:65536'],
    cgroup: '/user.slice/user-1000.slice/session-1.scope',
  };
  return { ...report, machine: { ...report.machine, user } };
}
