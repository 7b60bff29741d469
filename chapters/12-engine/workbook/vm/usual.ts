/**
 * What `vm test` runs unless told otherwise: what differs most between this machine and a build
 * machine with cgroup v1 and without systemd, in a quarter of an hour of emulation. Of the engines it
 * is podman alone, rootless, on the systemd driver. The rest runs with `--only systemd` or `--all`:
 * all of CI has an hour.
 */
export const usual = {
  suites: 'kernel,systemd',
  files: [
    'lib/test/cgroups/v2/cpu.',
    'lib/test/cgroups/v2/cpuset.',
    'lib/test/cgroups/v2/delegate.',
    'lib/test/cgroups/v2/devices.',
    'lib/test/cgroups/v2/hugetlb.',
    'lib/test/cgroups/v2/io.',
    'lib/test/cgroups/v2/memory.',
    'lib/test/cgroups/v2/oom.',
    'lib/test/cgroups/v2/pids.',
    'lib/test/cgroups/v2/stats.',
    'lib/test/cgroups/v2/swap.',
    'lib/test/cgroups/v2/threaded.',
    'lib/test/cgroups/v2/tree.',
    'lib/test/cgroups/v2/unified.',
    'tests/systemd/apparmor.',
    'tests/systemd/chapters.',
    'tests/systemd/life-cycle.',
    'tests/systemd/rootless',
  ],
} as const;
