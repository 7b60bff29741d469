import { describe, expect, it } from 'vitest';
import { columns, wrap } from '../../../chapters/12-engine/workbook/doctor/layout.ts';
import { render, type Paint } from '../../../chapters/12-engine/workbook/doctor/render.ts';
import type { Report } from '../../../chapters/12-engine/workbook/doctor/report.ts';
import { judge } from '../../../chapters/12-engine/workbook/doctor/verdict.ts';
import { feature, healthy, unprivileged } from './report.ts';

const plain: Paint = (_style, words) => words;

function text(report: Report, width = 80, paint = plain): string {
  return render(report, judge(report), { width, paint });
}

it('a healthy machine', () => {
  expect(text(healthy())).toBe(`This machine
  kernel    Linux 6.1.0-41-amd64, x64, Debian GNU/Linux 12 (bookworm)
  cgroups   version 2: cpu memory pids
  systemd   252
  security  capability apparmor
  user      root (uid 0)
  packages  all there
  VM        /usr/bin/qemu-system-x86_64; KVM works

Needed  2 of 2
  yes openat2  pidfd

Leftovers of crashed runs  none

Coracle can work here.
`);
});

it('what is missing stands with what it needs and what comes of it', () => {
  const features = [
    feature('pidfd'),
    feature('openat2', { answer: 'no', why: 'the kernel has no openat2' }),
    feature('cgroup.kill', { group: 'Control groups', answer: 'unknown', why: 'only root knows' }),
  ];
  expect(text(healthy({ features }), 60)).toContain(`
Needed  1 of 2
  yes pidfd
  no  openat2: the kernel has no openat2
      needs Linux 5.6. No container is created.

Control groups  0 of 1
  ?   cgroup.kill: only root knows

Leftovers of crashed runs  none

Coracle cannot work here; missing:
  openat2: the kernel has no openat2
  next: for openat2: Linux 5.6
`);
});

it('leftovers, with why one stays', () => {
  const leftovers = [
    { kind: 'mount', name: '/tmp/coracle-demo-aaaaaa/root' },
    { kind: 'process', name: 'PID 7 coracle-init', kept: 'alive' },
  ] as const;
  expect(text(healthy({ leftovers }))).toContain(`
Leftovers of crashed runs  2
  mount /tmp/coracle-demo-aaaaaa/root
  process PID 7 coracle-init (stays: alive)
`);
});

describe('this machine, in words', () => {
  it.each([
    ['v1', 'version 1: cpu,devices'],
    ['hybrid', 'version 1: cpu,devices; version 2: hugetlb'],
    ['none', 'none mounted'],
  ] as const)('cgroups of kind %s', (kind, words) => {
    const { machine } = healthy();
    const cgroups = { kind, controllers: { 1: ['cpu,devices'], 2: ['hugetlb'] } };
    expect(text(healthy({ machine: { ...machine, cgroups } }))).toContain(`cgroups   ${words}\n`);
  });

  it('a user with subordinate ids', () => {
    expect(text(unprivileged(), 120)).toContain(
      'user      vagrant (uid 1000), subordinate uids 100000:65536, gids 100000:65536\n',
    );
  });

  it('no systemd, no security modules shown, no virtual machines, missing packages', () => {
    const report = healthy({
      packages: [
        { debian: 'uidmap', why: '', neededBy: 'engine' },
        { debian: 'strace', why: '', neededBy: 'tests' },
      ],
    });
    const machine = {
      ...report.machine,
      systemd: { version: undefined, running: false },
      securityModules: undefined,
      virtualization: { qemu: undefined, kvm: { answer: 'no', why: 'there is none' } as const },
    };
    expect(text({ ...report, machine })).toContain(`  systemd   none, not in charge
  security  unknown: securityfs is not mounted
  user      root (uid 0)
  packages  missing: uidmap, strace (tests)
  VM        no qemu-system; KVM is not usable: there is none
`);
  });
});

it('colours only what the painter colours, and the text stays the same', () => {
  const painted = text(healthy(), 80, (style, words) => `<${style}>${words}</>`);
  expect(painted).toContain('<green>yes</> openat2');
  expect(painted.replaceAll(/<\/?\w*>/g, '')).toBe(text(healthy()));
});

describe('layout', () => {
  it('breaks at blanks, under the beginning', () => {
    expect(wrap('  a: ', 'one two three four', 15)).toBe('  a: one two\n     three four\n');
  });

  it('leaves a word that is too wide whole', () => {
    expect(wrap('', 'x /a/very/long/path y', 8)).toBe('x\n/a/very/long/path\ny\n');
  });

  it('fills columns line by line', () => {
    expect(columns(['a', 'bbb', 'cc', 'd'], 11)).toEqual(['a    bbb', 'cc   d']);
    expect(columns(['wider than the line'], 5)).toEqual(['wider than the line']);
    expect(columns([], 80)).toEqual([]);
  });
});
