// config.md, mounts of filesystems and the options that are theirs.

import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { mountAt } from '../../harness/mountinfo.ts';
import { tmpfs } from './sources.ts';

const LINUX_OPTIONS = 'config.md#configLinuxMountOptions';

export const filesystemsCases: Case[] = [
  {
    section: LINUX_OPTIONS,
    title: 'options that are not in the list go to the filesystem',
    config: { '/mounts/-': tmpfs('/mnt', 'size=1m', 'nr_inodes=100') },
    script: 'df -k /mnt | awk "NR==2 {print \\$2}"; stat -f -c %c /mnt',
    prints: '1024\n100',
  },
  {
    section: LINUX_OPTIONS,
    title: 'the mode option of a tmpfs holds, whatever the folder had',
    config: { '/mounts/-': tmpfs('/mnt', 'mode=750') },
    script: 'stat -c %a /mnt',
    prints: '750',
  },
  {
    section: LINUX_OPTIONS,
    title: 'an option that the filesystem refuses is an error',
    config: { '/mounts/-': tmpfs('/mnt', 'no-such-option=1') },
    refused: true,
  },
  {
    section: LINUX_OPTIONS,
    title: 'tmpcopyup copies what the rootfs has at the destination',
    steps: async (box) => {
      mkdirSync(join(box.rootfs, 'data/sub'), { recursive: true });
      writeFileSync(join(box.rootfs, 'data/sub/file'), 'copied', { mode: 0o640 });
      box.patch({ '/mounts/-': tmpfs('/data', 'tmpcopyup') });
      await box.prints(
        'cat /data/sub/file; echo; stat -c %a /data/sub/file; echo x > /data/sub/file',
        'copied\n640',
      );
      box.equal(statSync(join(box.rootfs, 'data/sub/file')).size, 6, 'size in the rootfs');
    },
  },
  {
    section: 'config-linux.md#configLinuxDefaultFilesystems',
    title: 'proc, sysfs, devpts, tmpfs and mqueue are what they say',
    script:
      'for d in /proc /sys /dev/pts /dev/shm /dev/mqueue; do awk -v d=$d "\\$2==d {t=\\$3} END {print t}" /proc/mounts; done',
    prints: 'proc\nsysfs\ndevpts\ntmpfs\nmqueue',
  },
  {
    section: 'config-linux.md#configLinuxDefaultFilesystems',
    title: 'without mounts the container has its root filesystem only',
    config: { '/mounts': undefined },
    script: 'ls /proc; cat /etc/passwd',
    prints: /root:x:0:0/,
  },
  {
    section: LINUX_OPTIONS,
    title: 'remount changes the options of a mount that is there',
    config: {
      '/mounts/6': tmpfs('/mnt', 'rw'),
      '/mounts/7': tmpfs('/mnt', 'remount', 'ro', 'noexec'),
    },
    steps: async (box) => {
      const { options } = await mountAt(box, '/mnt');
      box.equal(
        ['ro', 'noexec'].filter((one) => !options.includes(one)),
        [],
        'options not set',
      );
    },
  },
];
