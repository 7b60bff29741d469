// config-linux.md, masked and read-only paths.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '../../harness/box.ts';
import type { Case } from '../../harness/case.ts';
import { mountAt } from '../../harness/mountinfo.ts';

const MASKED = 'config-linux.md#configLinuxMaskedPaths';

const READONLY = 'config-linux.md#configLinuxReadonlyPaths';

/** Puts a file and a folder with a file into the rootfs. */
function secrets(box: Box): void {
  writeFileSync(join(box.rootfs, 'secret'), 'secret');
  mkdirSync(join(box.rootfs, 'vault'));
  writeFileSync(join(box.rootfs, 'vault/secret'), 'secret');
}

export const maskedCases: Case[] = [
  {
    section: MASKED,
    title: 'a masked file reads as nothing',
    config: { '/linux/maskedPaths': ['/secret'] },
    steps: async (box) => {
      secrets(box);
      await box.prints('cat /secret; echo end', 'end');
    },
  },
  {
    section: MASKED,
    title: 'a masked folder is empty and cannot be written to',
    config: { '/linux/maskedPaths': ['/vault'] },
    steps: async (box) => {
      secrets(box);
      await box.prints('ls /vault; touch /vault/x 2>&1', /^touch: .*Read-only file system$/);
    },
  },
  {
    section: MASKED,
    title: 'a masked path in /proc reads as nothing',
    config: { '/linux/maskedPaths': ['/proc/keys', '/proc/timer_list', '/proc/cpuinfo'] },
    script: 'cat /proc/cpuinfo; echo end',
    prints: 'end',
  },
  {
    section: MASKED,
    title: 'a masked path that does not exist is no error',
    config: { '/linux/maskedPaths': ['/no/such/path'] },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: MASKED,
    title: "masking leaves the host's files alone",
    config: { '/linux/maskedPaths': ['/secret', '/vault'] },
    steps: async (box) => {
      secrets(box);
      await box.prints('cat /secret; echo end', 'end');
      box.equal(readFileSync(join(box.rootfs, 'secret'), 'utf8'), 'secret', 'file');
      box.equal(readFileSync(join(box.rootfs, 'vault/secret'), 'utf8'), 'secret', 'in the folder');
    },
  },
  {
    section: READONLY,
    title: 'a read-only path can be read and not written, files and folders',
    config: { '/linux/readonlyPaths': ['/secret', '/vault'] },
    steps: async (box) => {
      secrets(box);
      const script =
        'cat /secret /vault/secret; echo; for f in /secret /vault/new; do touch $f 2>&1; done';
      await box.prints(script, /^secretsecret\ntouch: .*Read-only.*\ntouch: .*Read-only/);
    },
  },
  {
    section: READONLY,
    title: 'a read-only path in /proc cannot be written',
    config: { '/linux/readonlyPaths': ['/proc/sys'] },
    script: 'echo x > /proc/sys/kernel/hostname; cat /proc/sys/kernel/ostype',
    prints: 'Linux',
  },
  {
    section: READONLY,
    title: 'a read-only path that does not exist is no error',
    config: { '/linux/readonlyPaths': ['/no/such/path'] },
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: READONLY,
    title: 'a read-only path keeps the flags of the mount it is in',
    config: {
      '/mounts/0/options': ['nosuid', 'noexec', 'nodev'],
      '/linux/readonlyPaths': ['/proc/sys'],
    },
    steps: async (box) => {
      const { options } = await mountAt(box, '/proc/sys');
      const wanted = ['ro', 'nosuid', 'noexec', 'nodev'];
      box.equal(
        wanted.filter((one) => !options.includes(one)),
        [],
        'options not set',
      );
    },
  },
];
