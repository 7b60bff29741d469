/**
 * What `vm test` runs unless told otherwise: what differs most between this machine and a build
 * machine with cgroup v1 and without systemd, in less than half an hour of emulation. Each file
 * listed has been seen to pass there; the rest runs with `--all`.
 */
export const usual = {
  suites: 'kernel,systemd',
  files: [
    'lib/test/cgroups/v2/',
    'lib/test/namespaces/',
    'tests/systemd/life-cycle',
    'tests/systemd/compare-runc',
  ],
} as const;
