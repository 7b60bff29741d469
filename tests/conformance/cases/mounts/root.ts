// config.md, root: read-only or not, and closed.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { tmpfs } from './sources.ts';

const ROOT = 'config.md#configRoot';

export const rootCases: Case[] = [
  {
    section: ROOT,
    title: 'root.readonly makes the root filesystem read-only',
    config: { '/root/readonly': true },
    script: 'touch /etc/x 2>&1; mkdir /y 2>&1',
    prints: /^touch: .*Read-only file system\nmkdir: .*Read-only file system$/,
  },
  {
    section: ROOT,
    title: 'root.readonly leaves mounts writable',
    config: { '/root/readonly': true, '/mounts/-': tmpfs('/tmp') },
    script: 'touch /tmp/x && echo written',
    prints: 'written',
  },
  {
    section: ROOT,
    title: 'root.readonly defaults to false',
    config: { '/root/readonly': undefined },
    steps: async (box) => {
      await box.prints('echo kept > /x; cat /x', 'kept');
      box.that(existsSync(join(box.rootfs, 'x')), 'it was written to the rootfs', 'absent');
    },
  },
  {
    section: ROOT,
    title: "root.readonly leaves the host's rootfs folder writable",
    config: { '/root/readonly': true },
    steps: async (box) => {
      await box.started();
      writeFileSync(join(box.rootfs, 'later'), '');
    },
  },
  {
    section: ROOT,
    title: 'the host root is not reachable from inside',
    script:
      'ls -d /../../../bin/busybox; readlink /proc/1/root; ls /work /lib/systemd 2>/dev/null; true',
    prints: '/../../../bin/busybox\n/',
  },
  {
    section: ROOT,
    title: 'the old root is not left in the mount table',
    steps: async (box) => {
      const result = await box.run('cat /proc/self/mountinfo');
      const destinations = result.out.split('\n').map((line) => line.split(' ')[4] ?? '');
      box.that(destinations.includes('/'), 'the container shows its mounts', destinations);
      const strange = destinations.filter((path) => !/^(\/|\/(proc|dev|sys)(\/.*)?|)$/.test(path));
      box.equal(strange, [], 'mounts that the config does not ask for');
    },
  },
];
