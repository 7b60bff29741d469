import { describe, expect, it } from 'vitest';
import { judge } from '../../../chapters/12-engine/workbook/doctor/verdict.ts';
import { feature, healthy, unprivileged } from './report.ts';

const lost = { answer: 'no', why: 'the kernel has no openat2' } as const;

describe('Coracle can work', () => {
  it('on a machine that has everything, and there is nothing to do', () => {
    expect(judge(healthy())).toEqual({ ok: true, missing: [], next: [] });
  });

  it('without what is not needed', () => {
    const features = [feature('SELinux', { ...lost, required: false })];
    expect(judge(healthy({ features }))).toEqual({ ok: true, missing: [], next: [] });
  });

  it('without packages that only tests need; the next step names them', () => {
    const packages = [
      { debian: 'strace', why: 'looks', neededBy: 'tests' },
      { debian: 'mmdebstrap', why: 'makes', neededBy: 'vm' },
    ] as const;
    expect(judge(healthy({ packages }))).toEqual({
      ok: true,
      missing: [],
      next: [
        'for all tests: apt-get install --no-install-recommends strace',
        'for ./workbook vm: apt-get install --no-install-recommends mmdebstrap',
      ],
    });
  });

  it('where a user could not try something that is needed', () => {
    const features = [feature('device control', { answer: 'unknown', why: 'only root' })];
    expect(judge(unprivileged({ features }))).toEqual({
      ok: true,
      missing: [],
      next: ['sudo ./workbook doctor tries the 1 that only root can try'],
    });
  });

  it('with leftovers; the next step removes those that may be', () => {
    const leftovers = [
      { kind: 'folder', name: '/tmp/coracle-demo-aaaaaa' },
      { kind: 'cgroup', name: '/sys/fs/cgroup/coracle', kept: 'PID 3 live in it' },
    ] as const;
    expect(judge(healthy({ leftovers })).next).toEqual([
      './workbook doctor --repair removes the leftover',
    ]);
  });
});

describe('Coracle cannot work', () => {
  it('on a kernel without something that is needed', () => {
    expect(judge(healthy({ features: [feature('openat2', lost)] }))).toEqual({
      ok: false,
      missing: ['openat2: the kernel has no openat2'],
      next: ['for openat2: Linux 5.6'],
    });
  });

  it('without a package of the engine', () => {
    const packages = [
      { debian: 'libseccomp2', why: 'filters', neededBy: 'engine' },
      { debian: 'strace', why: 'looks', neededBy: 'tests' },
    ] as const;
    expect(judge(unprivileged({ packages }))).toEqual({
      ok: false,
      missing: ['package libseccomp2'],
      next: [
        'sudo apt-get install --no-install-recommends libseccomp2',
        'for all tests: sudo apt-get install --no-install-recommends strace',
      ],
    });
  });

  it('for a user where only root has user namespaces, though for root', () => {
    const features = [feature('user namespaces', { ...lost, required: false })];
    expect(judge(unprivileged({ features })).ok).toBe(false);
    expect(judge(healthy({ features })).ok).toBe(true);
  });
});
